"""The lesion ledger: claim lines held against chart, specimens and pathology reports, both ways."""
