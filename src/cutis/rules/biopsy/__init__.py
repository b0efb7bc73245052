"""Biopsies of the skin: technique, hierarchy of primaries, add-ons."""
