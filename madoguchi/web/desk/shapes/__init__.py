"""What the staff pages show, as frozen dataclasses."""
