"""Shave removals."""
