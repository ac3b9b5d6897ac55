"""Forms of the public pages."""
