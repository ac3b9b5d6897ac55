"""A graph of true-or-false gates over atoms, each gate once, constants folded away."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Literal

Gate = (
    tuple[Literal["atom"], Hashable]
    | tuple[Literal["not"], int]
    | tuple[Literal["and", "or"], tuple[int, ...]]
)

FALSE, TRUE = 0, 1
"""The two gates that every circuit begins with."""


class Circuit:
    """Gates are made by the methods and named by their place; the same gate has the same place."""

    def __init__(self) -> None:
        self.gates: list[Gate] = [("or", ()), ("and", ())]
        self._places: dict[Gate, int] = {gate: place for place, gate in enumerate(self.gates)}

    def _place(self, gate: Gate) -> int:
        place = self._places.get(gate)
        if place is None:
            place = self._places[gate] = len(self.gates)
            self.gates.append(gate)
        return place

    def atom(self, atom: Hashable) -> int:
        """A bitmap that comes from a column."""
        return self._place(("atom", atom))

    def invert(self, gate: int) -> int:
        """True where the other is false."""
        if gate in (FALSE, TRUE):
            return TRUE - gate
        kind, inner = self.gates[gate]
        return inner if kind == "not" else self._place(("not", gate))  # type: ignore[return-value]

    def all_of(self, gates: Iterable[int]) -> int:
        """True where all are; TRUE of none."""
        return self._several("and", gates, neutral=TRUE)

    def any_of(self, gates: Iterable[int]) -> int:
        """True where one is; FALSE of none."""
        return self._several("or", gates, neutral=FALSE)

    def _several(self, kind: Literal["and", "or"], gates: Iterable[int], *, neutral: int) -> int:
        inner = set(gates)
        inner.discard(neutral)
        if TRUE - neutral in inner or any(self.invert(gate) in inner for gate in self._inverted(inner)):
            return TRUE - neutral
        if len(inner) <= 1:
            return inner.pop() if inner else neutral
        return self._place((kind, tuple(sorted(inner))))

    def _inverted(self, gates: Iterable[int]) -> list[int]:
        return [gate for gate in gates if self.gates[gate][0] == "not"]

    def at_least(self, n: int, gates: Sequence[int]) -> int:
        """True where at least n are, each counted as often as it is named."""
        if n == len(gates):
            return self.all_of(gates)
        if n == 1:
            return self.any_of(gates)
        # row[k]: at least k of the gates seen so far.
        row = [TRUE] + [FALSE] * n
        for gate in gates:
            for k in range(n, 0, -1):
                row[k] = self.any_of((row[k], self.all_of((row[k - 1], gate))))
        return row[n]
