"""Pathology: components, specimens, special stains."""
