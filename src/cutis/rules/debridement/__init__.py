"""Debridement."""
