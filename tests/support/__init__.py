"""Helpers of the tests: small made-up 837P files."""
