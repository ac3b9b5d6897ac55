"""Annual reports of a prefecture or city, read as drafts."""
