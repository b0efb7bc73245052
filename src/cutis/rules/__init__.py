"""Floor 3: the rules, one a file; a folder is a family. A rule never imports another rule."""
