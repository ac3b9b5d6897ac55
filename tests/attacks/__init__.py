"""Lists of what an attacker would send, and what the site makes of it."""
