"""The `madoguchi` command line: setting up, serving, working, packs, searching."""
