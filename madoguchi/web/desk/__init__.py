"""The pages of those who work in an organisation: the frame around them, and the first page."""
