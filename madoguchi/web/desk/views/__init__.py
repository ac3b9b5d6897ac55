"""The views of the staff pages, one module a page."""
