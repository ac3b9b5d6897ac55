"""Guidebooks of support programmes, read as drafts."""
