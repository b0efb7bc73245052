"""Cosmetic and excluded services, and benign lesions without a reason to treat."""
