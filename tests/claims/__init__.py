"""Whole claims against the whole catalogue."""
