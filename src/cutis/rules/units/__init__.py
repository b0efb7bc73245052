"""Units: medically unlikely edits, and add-on codes with their primaries."""
