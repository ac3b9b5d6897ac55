"""Rules of the house that no linter sees. Each checker also meets a planted violation and has to find it."""
