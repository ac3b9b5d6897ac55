"""What a consultation seems to be about: the words of the region's topics found in free text. Plain Python.

A suggestion is for a person to confirm; nothing is decided by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.japan.text import fold

# Nobody can look through more; a longer text names its matter at its beginning.
MOST = 3
LONGEST_READ = 5000


@dataclass(frozen=True)
class TopicWords:
    """A topic and the words that tell it."""

    code: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """A topic and which of its words stand in the text, as the region writes them."""

    code: str
    found: tuple[str, ...]


def suggest(text: str, topics: Iterable[TopicWords]) -> list[Suggestion]:
    """At most three topics that the text seems to be about, the likeliest first.

    Long words weigh more than short ones, and a word inside another found one tells nothing more.
    """
    folded = fold(text[:LONGEST_READ], fold_kana=True)
    weighed = []
    for position, topic in enumerate(topics):
        found = _found(folded, topic.words)
        if found:
            weighed.append((-sum(map(len, found)), position, Suggestion(topic.code, tuple(found.values()))))
    return [suggestion for _, _, suggestion in sorted(weighed)[:MOST]]


def _found(folded: str, words: Iterable[str]) -> dict[str, str]:
    """The words that stand in the text, folded and as written; the longest of those inside each other."""
    there = {short: word for word in words if (short := fold(word, fold_kana=True)) in folded}
    return {
        short: word
        for short, word in there.items()
        if not any(short != other and short in other for other in there)
    }
