"""Floor 3: what a payer would allow, to the cent, with its derivation. Imports the model and the reference only."""
