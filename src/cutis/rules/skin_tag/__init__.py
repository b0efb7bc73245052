"""Skin tags: counts."""
