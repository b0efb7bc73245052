"""NCCI procedure-to-procedure edits: what is paid as part of something else on the same day."""
