"""One builder per published file layout: from the file as CMS ships it to a table, refused whole when a row is bad."""
