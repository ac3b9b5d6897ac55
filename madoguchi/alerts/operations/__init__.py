"""Writing: one transaction and one audit event each."""
