"""A rule as a tree: leaves with a sentence and a source, and what holds them together."""

from collections.abc import Iterator
from dataclasses import dataclass

from madoguchi.eligibility.rules.leaves import Leaf


@dataclass(frozen=True, slots=True)
class Source:
    """Where a condition is written: a document of the pack, or a clause of a law."""

    file: str = ""
    section: str = ""
    lines: str = ""
    law: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison, the sentence for people, and where it is written."""

    leaf: Leaf
    because: str
    source: Source


@dataclass(frozen=True, slots=True)
class Group:
    """At least `n` of the conditions inside; `because` sums them up where the rule says so."""

    n: int
    of: tuple["Node", ...]
    because: str
    source: Source

    @property
    def is_all(self) -> bool:
        """Whether every one must hold."""
        return self.n == len(self.of)


@dataclass(frozen=True, slots=True)
class Not:
    """The condition inside must not hold; `because` says it the way round it must be."""

    node: "Node"
    because: str
    source: Source


@dataclass(frozen=True, slots=True)
class Defined:
    """A named definition in one version, and what the rule calls it."""

    name: str
    version: str
    label: str
    node: "Node"
    because: str
    source: Source


Node = Condition | Group | Not | Defined


def leaves(node: Node) -> Iterator[Leaf]:
    """Every comparison of a tree, from left to right."""
    if isinstance(node, Condition):
        yield node.leaf
    elif isinstance(node, Group):
        for inner in node.of:
            yield from leaves(inner)
    else:
        yield from leaves(node.node)


def asserted(node: Node) -> Iterator[Condition]:
    """Every condition of a tree that is asked as it stands, not turned round by a `not`."""
    if isinstance(node, Condition):
        yield node
    elif isinstance(node, Group):
        for inner in node.of:
            yield from asserted(inner)
    elif isinstance(node, Defined):
        yield from asserted(node.node)


def turned(because: str) -> str:
    """The sentence of a condition the other way round: 〜であること becomes 〜でないこと."""
    if because.endswith("であること"):
        return f"{because.removesuffix('であること')}でないこと"
    return f"「{because}」にあたらないこと"


def source_of(node: Node) -> Source:
    """Where a node is written; what has no source of its own is written where its first part is."""
    if node.source != Source() or isinstance(node, Condition):
        return node.source
    return source_of(node.of[0] if isinstance(node, Group) else node.node)
