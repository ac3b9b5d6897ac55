"""What someone may have meant: words of the index that sound or look like one that it does not hold."""

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from madoguchi.search import romaji
from madoguchi.search.segments import Segment
from madoguchi.search.snapshot import Snapshot
from madoguchi.search.text import hash64, is_kana

_SHORTEST_READING = 3
_SHORTEST_SOUND = 4
_SHORTEST_SURFACE = 3
_LONGEST = 16


class Vocabulary:
    """The words and compounds of one state of the index, by reading and by length."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @cached_property
    def _known(self) -> list["_Known"]:
        return [_known(segment) for segment in self._snapshot.segments]

    def by_reading(self, reading: str) -> tuple[str, ...]:
        """Return the texts that are read like this, cut into words where the whole is unknown."""
        whole = self._read(reading)
        return whole or tuple(self._cut(reading))

    def suggest(self, text: str, reading: str) -> str | None:
        """Return the most frequent text that sounds the same, or else differs by a slip or two."""
        if len(reading) >= _SHORTEST_READING:
            same = [found for found in self._read(reading) if found != text]
            if same:
                return same[0]
        spelled = list(romaji.readings(text))
        for look_up in (self._read, self.by_reading):
            for kana in spelled:
                if found := look_up(kana):
                    return found[0]
        if len(text) > _LONGEST:
            return None
        near = None
        if len(text) >= _SHORTEST_SURFACE:
            allowed = 1 if len(text) < 6 else 2
            near = self._near(text, [known.texts for known in self._known], allowed, self._count)
        if near is None and len(reading) >= _SHORTEST_SOUND:
            near = self._sounding_like(text, reading)
        return near

    def _sounding_like(self, text: str, reading: str) -> str | None:
        """Return a text read almost the same; in kanji one that shares a character with what was typed."""
        tables = [known.readings_by_length for known in self._known]
        sound = self._near(
            reading, tables, 1, lambda each: max(map(self._count, self._read(each)), default=0)
        )
        found = self._read(sound) if sound else ()
        return next((each for each in found if is_kana(text) or set(each) & set(text)), None)

    def _read(self, reading: str) -> tuple[str, ...]:
        found = {text for known in self._known for text in known.readings.get(reading, ())}
        return tuple(
            sorted((text for text in found if self._count(text)), key=lambda text: (-self._count(text), text))
        )

    def _count(self, text: str) -> int:
        if any(text in known.names for known in self._known):
            return 1
        return len(self._snapshot.word(hash64(text))[0])

    def _cut(self, reading: str) -> Iterable[str]:
        """Cut a reading into the fewest known words; nothing when a rest remains."""
        best: list[tuple[str, ...] | None] = [()] + [None] * len(reading)
        for end in range(2, len(reading) + 1):
            for begin in range(max(0, end - _LONGEST), end - 1):
                before = best[begin]
                if before is None or not self._read_any(reading[begin:end]):
                    continue
                current = best[end]
                if current is None or len(before) + 1 < len(current):
                    best[end] = (*before, reading[begin:end])
        pieces = best[len(reading)] or ()
        texts = [self._read(piece) for piece in pieces]
        return ["".join(found[0] for found in texts)] if texts and all(texts) else []

    def _read_any(self, reading: str) -> bool:
        return any(reading in known.readings for known in self._known)

    def _near(
        self, text: str, tables: list[dict[int, list[str]]], allowed: int, count: Callable[[str], int]
    ) -> str | None:
        best: tuple[int, bool, int, str] | None = None
        for table in tables:
            for length in range(len(text) - allowed, len(text) + allowed + 1):
                for found, distance, _ in process.extract(
                    text, table.get(length, ()), scorer=OSA.distance, score_cutoff=allowed, limit=5
                ):
                    rank = (int(distance), found[0] != text[0], -count(found), found)
                    if distance and (best is None or rank < best):
                        best = rank
        return best[3] if best else None


class _Known:
    """The vocabulary of one segment, which never changes."""

    def __init__(self, segment: Segment) -> None:
        self.readings: dict[str, set[str]] = {}
        self.names: set[str] = set()
        for entry in segment.vocabulary:
            text, reading, *_ = entry.decode("utf-8", "surrogatepass").split("\t")
            self._add(text, reading)
        words = [text for texts in self.readings.values() for text in texts]
        for entry in segment.names:
            text, reading = entry.decode("utf-8", "surrogatepass").split("\t")
            if len(text) <= _LONGEST:
                self.names.add(text)
                self._add(text, reading)
        self.texts = _by_length({*words, *self.names})
        self.readings_by_length = _by_length(self.readings)

    def _add(self, text: str, reading: str) -> None:
        # One kana read alone is any of dozens of words.
        if len(reading) > 1:
            self.readings.setdefault(reading, set()).add(text)


def _by_length(texts: Iterable[str]) -> dict[int, list[str]]:
    table: dict[int, list[str]] = {}
    for text in sorted(texts):
        if len(text) >= 2:
            table.setdefault(len(text), []).append(text)
    return table


_known = lru_cache(maxsize=16)(_Known)
