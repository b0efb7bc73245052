"""Floor 5: a report as text, JSON, CSV, Parquet or a page, and as a corrected 837P."""
