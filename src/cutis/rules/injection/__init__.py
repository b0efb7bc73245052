"""Injections into lesions and their drugs."""
