"""Body sites: the group that a code is for against diagnosis and chart."""
