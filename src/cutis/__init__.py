"""Cutis: a linter, coder and pricer for dermatology claims."""

__version__ = "0.1.0"
