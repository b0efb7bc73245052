"""Floor 0: the words of the field as columns and small classes. Imports nothing of Cutis."""
