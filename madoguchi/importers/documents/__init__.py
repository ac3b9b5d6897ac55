"""A file as lines: each with its number, its page and, where the source shows them, its columns."""
