"""Drugs: units, waste, product numbers, administration."""
