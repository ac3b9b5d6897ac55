"""What consultations are counted by: one definition of each figure, for pages, exports and reports."""
