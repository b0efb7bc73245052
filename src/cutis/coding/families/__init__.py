"""One module for each family of codes: from an act to its lines."""
