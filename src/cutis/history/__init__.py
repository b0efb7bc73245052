"""Floor 4: what was billed and answered before: a store of years, and the part of it that a check looks at."""
