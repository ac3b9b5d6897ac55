"""Places by name and by what covers them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.japan.text import fold


@dataclass(frozen=True)
class Place:
    """A place that people type. `ancestors` are the codes that cover it, nearest first.

    `aliases` are short names (a city without 市); they narrow a search only where they stand alone.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mention:
    """A place found in a text, with its span in the folded text."""

    place: Place
    begin: int
    end: int
    full_name: bool


class Gazetteer:
    """Finds the places of a list in a folded text, the longest name first."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self.places = {place.code: place for place in places}
        self._names: dict[str, tuple[Place, bool]] = {}
        for place in self.places.values():
            for alias in place.aliases:
                self._names.setdefault(fold(alias), (place, False))
        for place in self.places.values():
            self._names[fold(place.name)] = (place, True)
        names = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, names))) if names else None

    def mentions(self, folded: str) -> list[Mention]:
        """Return the places named in a folded text, in reading order."""
        if self._pattern is None:
            return []
        found = []
        for match in self._pattern.finditer(folded):
            place, full_name = self._names[match.group()]
            found.append(Mention(place, match.start(), match.end(), full_name))
        return found

    def ancestors(self) -> dict[str, tuple[str, ...]]:
        """Return the covering codes of every place, nearest first."""
        return {code: place.ancestors for code, place in self.places.items()}
