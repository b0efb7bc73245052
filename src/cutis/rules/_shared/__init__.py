"""Predicates and tables that three or more rules use."""
