"""Programs that measure Madoguchi and print figures; nothing here is a test."""
