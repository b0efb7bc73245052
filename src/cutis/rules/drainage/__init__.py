"""Drainage."""
