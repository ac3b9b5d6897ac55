"""Programmes in any number, grown from a pack's real records and, where given, the national lists.

Clauses of real sentences are recombined and their numbers changed; places, industries and years come from
the nationwide tables. The vocabulary is therefore that of the real texts plus 1,700 place names, the
industries and the numbers: richer than copies of records, smaller than that of 100,000 real programmes.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from madoguchi.japan import areas, industries
from madoguchi.packs import schema
from madoguchi.packs.pack import Pack
from madoguchi.search.documents import Document

# Spellings of one thing. Grown texts hold one or the other, and a search for one should find all.
CONCEPTS = (
    ("申し込み", "申込み", "申込"),
    ("問い合わせ", "問合せ", "問い合せ"),
    ("引っ越し", "引越し", "引越"),
    ("見積もり", "見積り", "見積"),
    ("サーバー", "サーバ"),
    ("コンピューター", "コンピュータ"),
    ("ウェブ", "Web", "ＷＥＢ"),
    ("付加価値", "附加価値"),
    ("打ち合わせ", "打合せ", "打ち合せ"),
    ("ダイヤモンド", "ダイアモンド"),
)
_PLANTED_SHARE = 0.05
_SENTENCE = re.compile(r"[。\n]+")
_NUMBER = re.compile(r"\d+")
_SLOTS = (
    "{place}に事業所がある{industry}の事業者が対象です",
    "{place}では、{industry}の取組に上限{amount}万円を補助します",
    "{place}の{industry}の担当にお問い合わせください",
    "{month}月{day}日までに{place}の窓口へ書類を出してください",
)
_PLANTED = ("{}について、窓口で案内します", "{}の費用も対象です", "{}は、担当の課で受け付けます")
_NAME_ENDS = ("補助金", "助成金", "支援事業", "利子補給", "専門家派遣", "相談窓口", "奨励金", "推進事業")


@dataclass(frozen=True)
class Real:
    """The real records and what programmes are grown from."""

    documents: tuple[Document, ...]
    clauses: tuple[str, ...]
    name_parts: tuple[str, ...]
    keywords: tuple[str, ...]
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]


def real(pack: Pack, jgrants: Path | None) -> Real:
    """The programmes of a pack, and the rows of the national lists in a directory."""
    found = [_document(programme, edition) for programme in pack.programmes for edition in programme.editions]
    vocabulary = pack.vocabulary
    if vocabulary is None:
        raise SystemExit("the pack has no vocabulary")
    if jgrants:
        found += _national(jgrants)
    texts = [text for document in found for text in (document.summary, document.body)]
    texts += [project.summary for project in pack.projects] + [desk.summary for desk in pack.desks]
    clauses = {c.strip() for text in texts for s in _SENTENCE.split(text) for c in s.split("、")}
    names = {part for d in found for part in re.split(r"[\s（）()「」・]+", d.name) if 2 <= len(part) <= 14}
    return Real(
        documents=tuple(found),
        clauses=tuple(sorted(clause for clause in clauses if 4 <= len(clause) <= 80)),
        name_parts=tuple(sorted(names)),
        keywords=tuple(sorted({word for document in found for word in document.keywords})),
        kinds=tuple(term.code for term in vocabulary.kinds),
        purposes=tuple(term.code for term in vocabulary.purposes),
    )


def grow(known: Real, size: int, seed: int) -> list[Document]:
    """The real documents and as many grown ones as make up the size."""
    grower = _Grower(known, random.Random(seed))
    grown = (grower.document(number) for number in range(max(0, size - len(known.documents))))
    return [*known.documents, *grown][:size]


def text_of(document: Document) -> str:
    """All that is searched of a document, as one text."""
    return "\n".join(document.texts.values())


class _Grower:
    def __init__(self, known: Real, rng: random.Random) -> None:
        self._known = known
        self._rng = rng
        self._places = [area for area in areas.all_areas() if area.is_municipality]
        self._industries = [
            group for division in industries.divisions() for group in industries.major_groups(division.code)
        ]

    def document(self, number: int) -> Document:
        rng, known = self._rng, self._known
        place, industry = rng.choice(self._places), rng.choice(self._industries)
        year = rng.choice((2021, 2022, 2023, 2023, 2024, 2024))
        slots = {"place": place.name, "industry": industry.name}
        sentences = [self._sentence() for _ in range(rng.randint(4, 36))]
        sentences += [rng.choice(_SLOTS).format(**slots, **self._numbers()) for _ in range(2)]
        sentences += list(self._planted())
        rng.shuffle(sentences)
        opens = date(year, 4, 1) + timedelta(days=rng.randrange(330))
        return Document(
            key=f"grown:{number}:{year}",
            type="programme",
            group=f"grown:{number // 2}",
            name=self._name(place.name),
            fiscal_year=year,
            keywords=tuple(rng.sample(known.keywords, k=min(4, len(known.keywords)))),
            summary="。".join(sentences[:2]) + "。",
            body="。\n".join(sentences[2:]) + "。",
            kinds=(rng.choice(known.kinds),),
            purposes=tuple(rng.sample(known.purposes, k=2)),
            industries=(industry.code,) if rng.random() < 0.6 else (),
            areas=(place.code,) if rng.random() < 0.7 else (place.parent,),
            organisations=(f"organisation-{rng.randrange(300)}",),
            windows=((opens, opens + timedelta(days=rng.randrange(20, 200))),) if rng.random() < 0.6 else (),
            mode=rng.choice(("", "rolling", "booking", "closed")),
            published_on=date(year, 4, 1),
            payload={"headline": "", "cap_yen": rng.randrange(1, 500) * 10_000},
        )

    def _name(self, place: str) -> str:
        parts = self._rng.sample(self._known.name_parts, k=2)
        return (
            f"{place if self._rng.random() < 0.5 else ''}{parts[0]}{parts[1]}{self._rng.choice(_NAME_ENDS)}"
        )

    def _sentence(self) -> str:
        clauses = self._rng.sample(self._known.clauses, k=self._rng.choice((1, 2, 2, 3)))
        return _NUMBER.sub(lambda _: str(self._rng.randrange(1, 1000)), "、".join(clauses))

    def _numbers(self) -> dict[str, int]:
        rng = self._rng
        return {"amount": rng.randrange(5, 900), "month": rng.randrange(1, 13), "day": rng.randrange(1, 29)}

    def _planted(self) -> Iterator[str]:
        for spellings in CONCEPTS:
            if self._rng.random() < _PLANTED_SHARE:
                yield self._rng.choice(_PLANTED).format(self._rng.choice(spellings))


def _document(programme: schema.Programme, edition: schema.Edition) -> Document:
    points = (*edition.requirements, *edition.benefits, *edition.steps, *edition.notes)
    texts = [edition.easy, edition.headline, edition.who, edition.where, *map(_point_text, points)]
    return Document(
        key=f"programme:{programme.slug}:{edition.fiscal_year}",
        type="programme",
        slug=programme.slug,
        group=f"programme:{programme.slug}",
        name=edition.name,
        name_reading=programme.reading,
        fiscal_year=edition.fiscal_year,
        keywords=tuple(edition.keywords),
        summary=edition.summary,
        body="\n".join(text for text in texts if text),
        kinds=tuple(edition.kinds),
        purposes=tuple(edition.purposes),
        industries=tuple(edition.industries),
        areas=tuple(edition.areas),
    )


def _point_text(point: Any) -> str:
    return " ".join(getattr(point, name, "") or "" for name in ("title", "text", "detail")).strip()


def _national(directory: Path) -> list[Document]:
    details = {row["id"]: row for row in _rows(directory / "details.jsonl")}
    rows = {row["id"]: row for row in _rows(directory / "list.jsonl")} | details
    return [
        Document(
            key=f"national:{key}",
            type="programme",
            group=f"national:{key}",
            name=row["title"],
            fiscal_year=2025,
            summary=row.get("subsidy_catch_phrase") or "",
            body=row.get("detail_text") or "",
            areas=(areas.NATION,),
            kinds=("subsidy",),
        )
        for key, row in rows.items()
    ]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
