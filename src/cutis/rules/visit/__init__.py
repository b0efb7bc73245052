"""Evaluation and management beside procedures and within global periods."""
