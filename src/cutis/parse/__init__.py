"""Floor 2: input to line frame, one format a file. What is wrong with the input becomes faults, never silence."""
