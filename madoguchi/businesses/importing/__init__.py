"""Lists of businesses that an organisation brings: read, compared with its books, shown, then taken in."""
