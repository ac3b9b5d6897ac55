"""Writes of the room: figures, texts, what units hand in, years."""
