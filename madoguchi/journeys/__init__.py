"""Use cases that touch several rooms."""
