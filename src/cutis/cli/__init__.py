"""The command line: one file a command; each is a library call first."""
