"""Reads of the room, by what a page asks for."""
