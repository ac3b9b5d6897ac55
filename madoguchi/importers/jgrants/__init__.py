"""補助金 of the national portal's public API (Jグランツ)."""
