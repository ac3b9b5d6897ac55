"""Reads of the room, by what they are about."""

from madoguchi.results.queries.projects import (
    listings,
    policies,
    programmes_without_edition,
    projects,
    projects_of,
    rows_of,
)

__all__ = ["listings", "policies", "programmes_without_edition", "projects", "projects_of", "rows_of"]
