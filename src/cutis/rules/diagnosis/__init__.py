"""Diagnoses: present, valid on the day, specific, supporting the code."""
