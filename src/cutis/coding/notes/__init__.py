"""Facts of a chart note: a deterministic reader that works offline."""

from cutis.coding.notes.extract import read_note, read_notes

__all__ = ["read_note", "read_notes"]
