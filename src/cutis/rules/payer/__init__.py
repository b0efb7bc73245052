"""Payer."""
