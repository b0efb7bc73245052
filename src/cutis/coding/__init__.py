"""Floor 3: from what was done to the lines that stand for it, and the chart held against the claim."""
