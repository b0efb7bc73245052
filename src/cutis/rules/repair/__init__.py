"""Repairs: class, length, what is included."""
