"""Mohs surgery: stages, blocks, pathology, repairs."""
