"""Marks words for translation where Django may not be imported."""


def gettext_noop(words: str) -> str:
    """Return the words; makemessages finds them by this name, whoever shows them translates."""
    return words
