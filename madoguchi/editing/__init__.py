"""Programmes written in the browser by those who have them: drafts, approval, publishing, undoing."""
