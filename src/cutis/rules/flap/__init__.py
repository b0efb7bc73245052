"""Flaps and grafts."""
