"""Signing in and out, one's own account, and as whom one acts."""
