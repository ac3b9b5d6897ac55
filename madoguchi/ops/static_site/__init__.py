"""A copy of the portal as files, for networks that must be apart from the case database."""
