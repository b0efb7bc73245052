"""Allergy tests and bedside laboratory tests."""
