"""The public API under /api/v1/: the same answers as the pages, as JSON."""
