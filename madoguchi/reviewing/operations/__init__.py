"""Writes of the room: keeping what was read, deciding on fields, taking records over."""
