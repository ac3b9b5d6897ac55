"""Businesses: who they are, told once, and who may see it."""
