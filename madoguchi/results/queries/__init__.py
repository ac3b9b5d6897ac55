"""Reads of the room, by what they are about."""

from madoguchi.results.queries.projects import listings, policies, projects, projects_of, rows_of

__all__ = ["listings", "policies", "projects", "projects_of", "rows_of"]
