"""Acne."""
