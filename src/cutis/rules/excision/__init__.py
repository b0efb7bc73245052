"""Excisions: size, margin, pathology, closure."""
