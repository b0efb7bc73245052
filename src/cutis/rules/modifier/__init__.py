"""Modifiers: known, fitting the code, not contradicting each other."""
