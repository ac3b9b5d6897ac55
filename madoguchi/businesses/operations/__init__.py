"""Changes to businesses: each is one transaction with one audit event."""
