"""The same service sent twice."""
