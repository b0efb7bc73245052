"""Floor 4: chooses rules, keeps together what a rule must see at once, runs them, and reports."""
