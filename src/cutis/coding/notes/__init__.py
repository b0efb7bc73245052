"""Facts of a chart note: a deterministic reader that works offline."""
