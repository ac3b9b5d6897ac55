"""The site's search: which rooms are found, how the index follows them, and what a visitor may ask."""
