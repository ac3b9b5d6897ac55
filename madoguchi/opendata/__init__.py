"""What everybody may take along: records as open data, their changes, keys and webhooks."""
