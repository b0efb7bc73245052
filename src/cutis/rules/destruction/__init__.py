"""Destruction of lesions: counts, kinds, diagnoses."""
