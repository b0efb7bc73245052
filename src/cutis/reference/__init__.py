"""Floor 1: dated reference data. Every table says which release it is and when it holds."""
