"""Explanations of many rules for one business, put together from those of the parts that rules share.

`evaluate` and `explain` say what an explanation is; this makes the same for hundreds of rules at once. A
*part* is a condition, a definition, a requirement, a group or a `not` inside them, or a whole rule. How a
part stands, and why, depends on nothing but the comparisons and definitions in it: for each combination it is
worked out once, from what the parts inside it say, and kept. So a business that stands to a definition as
nobody did before costs each rule that names it one step, and not the whole rule again.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from typing import Any, Protocol, TypeVar

from madoguchi.eligibility.rules.comparisons import Outcome
from madoguchi.eligibility.rules.conditions import Condition, Defined, Group, Node, Not, source_of, turned
from madoguchi.eligibility.rules.explain import (
    Explanation,
    Miss,
    Reason,
    cheapest,
    is_unnamed_all,
    sentence_of,
    weight_of,
)
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.status import Status, at_least, opposite

# Combinations that one part keeps; when they are so many, it begins anew.
_KEPT = 512

State = Sequence[Any]
"""In their places the outcomes of all comparisons, then the views of definitions, then of requirements."""

_Kept = TypeVar("_Kept")


def _keep(kept: dict[Any, _Kept], key: Any, value: _Kept) -> _Kept:
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value
    return value


@dataclass(slots=True, eq=False)
class View(Explanation):
    """How a part stands and why; `spoil` is what would have to change for a met part to be unmet.

    Outcomes and views are keys by identity: comparing what they say would cost more than it saves."""

    spoil: Miss | None


class _Viewed(Protocol):
    """Something inside a part, with the places of a state that it depends on."""

    places: tuple[int, ...]

    @property
    def view(self) -> Callable[[State], View]:
        """Tells how it stands in a state."""


class _Placed:
    """A definition or a requirement, seen in its place."""

    def __init__(self, place: int) -> None:
        self.places: tuple[int, ...] = (place,)
        self.view: Callable[[State], View] = itemgetter(place)


class _Condition(dict[Outcome, View]):
    """A condition: its views by the outcome of its comparison."""

    def __init__(self, node: Condition, place: int, dictionary: Dictionary) -> None:
        super().__init__()
        self.places: tuple[int, ...] = (place,)
        self._node, self._place = node, place
        self._met = Miss((node,), weight_of(node, dictionary))
        self._unmet = replace(self._met, changes=(replace(node, because=turned(node.because)),))

    def view(self, state: State) -> View:
        """How it stands in a state."""
        return self[state[self._place]]

    def __missing__(self, outcome: Outcome) -> View:
        status = outcome.status
        reasons = (Reason(status, self._node.because, self._node.source),)
        miss = self._met if status is Status.UNMET else None
        spoil = self._unmet if status is Status.MET else None
        return _keep(self, outcome, View(status, reasons, reasons, miss, outcome.ask, spoil))


class _Part(ABC):
    """A part that is made of others."""

    def __init__(self, inside: Iterable[_Viewed]) -> None:
        self.places = tuple(dict.fromkeys(chain.from_iterable([each.places for each in inside])))
        # The last one twice, so that what is picked is a tuple for a single place too.
        self.pick: Callable[[State], tuple[Any, ...]] = itemgetter(*self.places, self.places[-1])
        self.kept: dict[tuple[Any, ...], Any] = {}

    def view(self, state: State) -> Any:
        """How it stands in a state: what is kept, or else worked out."""
        key = self.pick(state)
        return self.kept.get(key) or _keep(self.kept, key, self._work_out(state))

    @abstractmethod
    def _work_out(self, state: State) -> Any:
        """Put it together from what is inside."""


class _Not(_Part):
    """What must not be."""

    def __init__(self, node: Not, inner: _Viewed) -> None:
        super().__init__((inner,))
        self._node, self._source, self._look = node, source_of(node), inner.view

    def _work_out(self, state: State) -> View:
        inner, because = self._look(state), self._node.because
        status = opposite(inner.status)
        reasons = (Reason(status, because, self._source),)
        miss = inner.spoil
        if miss and isinstance(self._node.node, Condition):
            # The rule's own words for the other way round.
            miss = replace(miss, changes=tuple([replace(each, because=because) for each in miss.changes]))
        return View(status, reasons, reasons, miss, inner.ask, inner.miss)


class _Definition(_Part):
    """A definition: what comes to the same is one view, so that rules tell apart only what matters."""

    def __init__(self, inner: _Viewed) -> None:
        super().__init__((inner,))
        self._look = inner.view
        self._views: dict[Any, View] = {}
        self._ways: dict[Any, Miss] = {}

    def _work_out(self, state: State) -> View:
        view = self._look(state)
        miss, spoil = self._one(view.miss), self._one(view.spoil)
        same = (view.status, view.ask, id(miss), id(spoil), *map(id, view.deciding))
        found = self._views.get(same)
        if found is None:
            found = View(view.status, view.reasons, view.deciding, miss, view.ask, spoil)
            _keep(self._views, same, found)
        return found

    def _one(self, way: Miss | None) -> Miss | None:
        if way is None:
            return None
        key = tuple(map(id, way.changes))
        return self._ways.get(key) or _keep(self._ways, key, way)


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What the statuses inside a group come to, and which of them settle it."""

    status: Status
    settling: tuple[int, ...]
    pick: Callable[[Sequence[View]], Any]


# By the least number that must be met, then by the statuses: few, and the same for all groups.
_PLANS: defaultdict[int, dict[tuple[Status, ...], _Plan]] = defaultdict(dict)


def _plan(n: int, statuses: tuple[Status, ...]) -> _Plan:
    status = at_least(n, statuses)
    settling = [index for index, each in enumerate(statuses) if each is status]
    return _Plan(status, tuple(settling), itemgetter(*settling))


_Settled = tuple[tuple[Reason, ...], Miss | None, tuple[str, ...], Miss | None]
"""What decides, the miss, what to ask and the spoil of a group."""


class _Group(_Part):
    """At least n of what is inside; `named` is the requirement that it is a reason for."""

    def __init__(self, n: int, inside: Sequence[_Viewed], named: Node | None = None) -> None:
        super().__init__(inside)
        self._n = n
        self._plans = _PLANS[n]
        self._looks = [each.view for each in inside]
        self._named = (sentence_of(named), source_of(named)) if named else None
        self._joined: dict[Sequence[View], _Settled] = {}
        self._ways: dict[tuple[Any, ...], tuple[Miss, Sequence[Miss]]] = {}

    def _work_out(self, state: State) -> View:
        views = [look(state) for look in self._looks]
        status, (deciding, miss, ask, spoil) = self._settled(views)
        reasons = (Reason(status, *self._named, deciding),) if self._named else ()
        return View(status, reasons, deciding, miss, ask, spoil)

    def _settled(self, views: Sequence[View]) -> tuple[Status, _Settled]:
        """By those that settle it alone: what does not matter to them is one."""
        statuses = tuple([view.status for view in views])
        plan = self._plans.get(statuses) or _keep(self._plans, statuses, _plan(self._n, statuses))
        settling = plan.pick(views)
        if len(plan.settling) == 1:
            return plan.status, (settling.deciding, settling.miss, settling.ask, settling.spoil)
        return plan.status, self._joined.get(settling) or _keep(
            self._joined, settling, self._join(plan, settling)
        )

    def _join(self, plan: _Plan, settling: Sequence[View]) -> _Settled:
        deciding = tuple(chain.from_iterable([view.deciding for view in settling]))
        miss = spoil = None
        ask: tuple[str, ...] = ()
        if plan.status is Status.UNMET:
            miss = self._way(plan, [view.miss for view in settling])
        elif plan.status is Status.MET:
            spoil = self._way(plan, [view.spoil for view in settling])
        elif plan.status is Status.UNKNOWN:
            ask = tuple(dict.fromkeys(chain.from_iterable([view.ask for view in settling])))
        return deciding, miss, ask, spoil

    def _way(self, plan: _Plan, ways: Sequence[Any]) -> Miss:
        key = (plan, *map(id, ways))
        found = self._ways.get(key)
        if found is None:
            # With the ways, so that their identities stay theirs.
            found = _keep(self._ways, key, (self._turn(plan, ways), ways))
        return found[0]

    def _turn(self, plan: _Plan, ways: Sequence[Miss]) -> Miss:
        size = len(self._looks)
        needed = self._n if plan.status is Status.UNMET else size - self._n + 1
        # What is not settled costs nothing.
        return cheapest(ways, needed - (size - len(ways)))


_Shape = int | tuple["_Shape", ...]
"""How the unnamed `all`s of a rule lie in each other, with the numbers of requirements."""


class _Rule(_Group):
    """A whole rule: all of its requirements."""

    def __init__(self, inside: Sequence[_Viewed], shape: _Shape) -> None:
        super().__init__(len(inside), inside)
        self._shape = shape

    def _work_out(self, state: State) -> Any:
        views = [look(state) for look in self._looks]
        status, (deciding, miss, ask, _) = self._settled(views)
        return Explanation(status, tuple([view.reasons[0] for view in views]), deciding, miss, ask)

    def _turn(self, plan: _Plan, ways: Sequence[Miss]) -> Miss:
        return _together(self._shape, dict(zip(plan.settling, ways, strict=True)))


def _together(shape: _Shape, ways: Mapping[int, Miss]) -> Miss:
    if isinstance(shape, int):
        return ways.get(shape) or Miss((), 0)
    return cheapest([_together(each, ways) for each in shape], len(shape))


class _Places:
    """Parts that have places from a first one on; of equal nodes there is one part."""

    def __init__(self, first: int) -> None:
        self.parts: list[_Part] = []
        self._first = first
        self._placed: dict[Node, _Placed] = {}
        # The same nodes are found by identity, because hashing is slow.
        self._known: dict[int, _Placed] = {}

    def knows(self, node: Node) -> bool:
        """Whether there is a part for a node."""
        if id(node) not in self._known and node in self._placed:
            self._known[id(node)] = self._placed[node]
        return id(node) in self._known

    def add(self, node: Node, part: _Part) -> None:
        """Give a part the next place."""
        placed = _Placed(self._first + len(self.parts))
        self._placed[node] = self._known[id(node)] = placed
        self.parts.append(part)

    def of(self, node: Node) -> _Placed:
        """The place of the part for a node."""
        return self._known[id(node)]


class Composer:
    """Rules over comparisons that have places. Threads may share it: what is kept never changes."""

    def __init__(self, nodes: Sequence[Node], places: Mapping[Leaf, int], dictionary: Dictionary) -> None:
        self._places = places
        self._dictionary = dictionary
        self._conditions: dict[Condition, _Condition] = {}
        self._definitions = _Places(len(places))
        for node in nodes:
            self._define(node)
        self._requirements = _Places(len(places) + len(self._definitions.parts))
        self.rules = [self._rule(node) for node in nodes]
        self._ready = [_ready(self._requirements.parts), _ready(self.rules)]

    def explanations(self, outcomes: Sequence[Outcome]) -> list[Explanation]:
        """An explanation for each rule, for the outcomes of all comparisons."""
        state = list[Any](outcomes)
        for definition in self._definitions.parts:
            state.append(definition.view(state))
        requirements, rules = self._ready
        state += _views(requirements, state)
        return _views(rules, state)

    def _define(self, node: Node) -> None:
        """Give a place to each definition, after those that it names itself."""
        if isinstance(node, Group):
            for inner in node.of:
                self._define(inner)
        elif isinstance(node, Not):
            self._define(node.node)
        elif isinstance(node, Defined) and not self._definitions.knows(node.node):
            self._define(node.node)
            self._definitions.add(node.node, _Definition(self._inside(node.node)))

    def _inside(self, node: Node) -> _Viewed:
        if isinstance(node, Condition):
            if node not in self._conditions:
                self._conditions[node] = _Condition(node, self._places[node.leaf], self._dictionary)
            return self._conditions[node]
        if isinstance(node, Group):
            return _Group(node.n, [self._inside(each) for each in node.of])
        if isinstance(node, Not):
            return _Not(node, self._inside(node.node))
        return self._definitions.of(node.node)

    def _rule(self, node: Node) -> _Rule:
        requirements: list[Node] = []
        shape = _shape(node, requirements)
        return _Rule([self._requirement(each) for each in requirements], shape)

    def _requirement(self, node: Node) -> _Viewed:
        if isinstance(node, Condition | Not):
            return self._inside(node)
        if not self._requirements.knows(node):
            n, inside = (node.n, node.of) if isinstance(node, Group) else (1, (node,))
            group = _Group(n, [self._inside(each) for each in inside], named=node)
            self._requirements.add(node, group)
        return self._requirements.of(node)


_Ready = Sequence[tuple[Callable[[State], Any], Callable[[Any], Any], _Part]]


def _ready(parts: Sequence[_Part]) -> _Ready:
    return [(part.pick, part.kept.get, part) for part in parts]


def _views(parts: _Ready, state: State) -> list[Any]:
    """The views of parts that do not look at each other."""
    found = [get(pick(state)) for pick, get, _ in parts]
    if not all(found):
        found = [view or part.view(state) for view, (_, _, part) in zip(found, parts, strict=True)]
    return found


def _shape(node: Node, requirements: list[Node]) -> _Shape:
    if is_unnamed_all(node):
        return tuple([_shape(inner, requirements) for inner in node.of])
    requirements.append(node)
    return len(requirements) - 1
