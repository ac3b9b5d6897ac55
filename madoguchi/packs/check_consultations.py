"""Checking consultations.yaml: what is named is there, and each rule can fire."""

from collections.abc import Collection, Iterator

from pydantic import BaseModel

from madoguchi.foundation.yaml_reader import Position
from madoguchi.japan import areas, industries
from madoguchi.japan.areas import Grouping
from madoguchi.japan.text import fold
from madoguchi.packs.pack import Pack
from madoguchi.packs.schema_consultations import Consultations, When

Finding = tuple[BaseModel, Position, str]

# One character stands in too many sentences to tell anything.
SHORTEST_WORD = 2


def findings(pack: Pack) -> Iterator[Finding]:
    """Everything that does not fit, by its place. References to areas and purposes are the caller's."""
    record = pack.consultations
    if record is None:
        return
    topics = {topic.code for topic in record.topics}
    desks = {desk.slug for desk in pack.desks}
    yield from _topics(record)
    yield from _rules(record, topics, desks)
    yield from _reachable(record, _groupings(pack))
    yield from _policy(record, desks)


def _topics(record: Consultations) -> Iterator[Finding]:
    yield from _twice(record, "topics", [topic.code for topic in record.topics], "相談の内容")
    for index, topic in enumerate(record.topics):
        for number, word in enumerate(topic.words):
            if len(fold(word)) < SHORTEST_WORD:
                at: Position = ("topics", index, "words", number)
                yield record, at, f"「{word}」は短すぎます（{SHORTEST_WORD} 字から）"


def _rules(record: Consultations, topics: set[str], desks: set[str]) -> Iterator[Finding]:
    for index, rule in enumerate(record.rules):
        at: Position = ("rules", index)
        if rule.desk not in desks:
            yield record, (*at, "desk"), f"窓口「{rule.desk}」は、このパックにありません"
        for number, code in enumerate(rule.when.topics):
            if code not in topics:
                yield (
                    record,
                    (*at, "when", "topics", number),
                    f"相談の内容「{code}」は、このパックにありません",
                )


def _reachable(record: Consultations, groupings: Collection[Grouping]) -> Iterator[Finding]:
    """Rules that never fire because an earlier one takes all of theirs, and requests that none takes."""
    for index, rule in enumerate(record.rules):
        for before, earlier in enumerate(record.rules[:index]):
            if _takes_all_of(earlier.when, rule.when, groupings):
                sentence = f"{before + 1}番目の決まりがいつも先に当てはまるので、使われません"
                yield record, ("rules", index), sentence
                break
    if record.rules[-1].when != When():
        sentence = "最後に、when のない決まり（どれにも当てはまらない相談の行き先）が要ります"
        yield record, ("rules", len(record.rules) - 1), sentence


def _takes_all_of(earlier: When, later: When, groupings: Collection[Grouping]) -> bool:
    """Whether every request that fits the later conditions fits the earlier ones too."""
    return (
        _wider(earlier.topics, later.topics)
        and _wider(earlier.languages, later.languages)
        and _areas_wider(earlier.areas, later.areas, groupings)
        and _industries_wider(earlier.industries, later.industries)
        and (
            earlier.employees_at_most is None
            or (later.employees_at_most is not None and later.employees_at_most <= earlier.employees_at_most)
        )
        and all(
            key in later.answers and _wider(wanted, later.answers[key])
            for key, wanted in earlier.answers.items()
        )
    )


def _wider(outer: Collection[str], inner: Collection[str]) -> bool:
    return not outer or (bool(inner) and set(inner) <= set(outer))


def _areas_wider(outer: Collection[str], inner: Collection[str], groupings: Collection[Grouping]) -> bool:
    def is_covered(code: str) -> bool:
        try:
            return any(areas.covers(wide, code, groupings=groupings) for wide in outer)
        except ValueError:
            return False  # an unknown code is told where it stands

    return not outer or (bool(inner) and all(is_covered(code) for code in inner))


def _industries_wider(outer: Collection[str], inner: Collection[str]) -> bool:
    def is_covered(code: str) -> bool:
        try:
            return any(industries.within(code, wide) for wide in outer)
        except ValueError:
            return False

    return not outer or (bool(inner) and all(is_covered(code) for code in inner))


def _groupings(pack: Pack) -> tuple[Grouping, ...]:
    # One whose code is a number cannot be made; the region says so at its place.
    rows = [row for row in pack.region.groupings if not row.code.isdigit()] if pack.region else []
    return tuple(Grouping(row.code, row.name, frozenset(row.members)) for row in rows)


def _policy(record: Consultations, desks: set[str]) -> Iterator[Finding]:
    keys = [field.key for field in record.policy.situation_fields]
    yield from _twice(record, "policy", keys, "項目", inside="situation_fields")
    for index, absence in enumerate(record.policy.absences):
        at: Position = ("policy", "absences", index)
        for name, slug in (("desk", absence.desk), ("instead", absence.instead)):
            if slug not in desks:
                yield record, (*at, name), f"窓口「{slug}」は、このパックにありません"
        if absence.desk == absence.instead:
            yield record, (*at, "instead"), "休む窓口とは別の窓口を書いてください"


def _twice(
    record: Consultations, name: str, codes: list[str], what: str, *, inside: str = ""
) -> Iterator[Finding]:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            at: Position = (name, inside, index) if inside else (name, index)
            yield record, at, f"{what}「{code}」が二度書かれています"
