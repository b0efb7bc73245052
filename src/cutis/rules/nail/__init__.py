"""Nails."""
