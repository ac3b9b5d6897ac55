"""How long finding a business takes while one types, on books of 200,000.

    python -m bench.businesses [--businesses 200000] [--rounds 300]

Fills the database that MADOGUCHI_DATABASE_URL names (migrated; if it is empty) with made-up businesses of
several organisations, then times what the desk asks. `fill` is for other benches too.
"""

import argparse
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

import django
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
django.setup()

# Models exist only once Django is set up.
from bench.rows import put  # noqa: E402
from madoguchi.accounts.hats import Hat  # noqa: E402
from madoguchi.accounts.roles import Role  # noqa: E402
from madoguchi.businesses import fields, queries  # noqa: E402
from madoguchi.businesses.choices import CustodyReason  # noqa: E402
from madoguchi.businesses.models import Business, Custody, SearchKey  # noqa: E402
from madoguchi.businesses.operations.notes import keys_of  # noqa: E402
from madoguchi.foundation.paging import page_of  # noqa: E402
from madoguchi.institutions.models import Organisation  # noqa: E402
from tests.accounts.people import an_organisation  # noqa: E402

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
_AT_ONCE = 2_000
_PLACES = (
    "みなと",
    "港町",
    "山手",
    "青葉",
    "松原",
    "桜台",
    "川上",
    "浜",
    "本町",
    "朝日",
    "若葉",
    "千歳",
    "栄",
    "中央",
    "緑",
    "富士見",
)
_TRADES = (
    "水産",
    "食堂",
    "商店",
    "建設",
    "工業",
    "運輸",
    "印刷",
    "製菓",
    "農園",
    "設備",
    "電機",
    "酒造",
    "旅館",
    "薬局",
    "自動車",
    "塗装",
)
_FORMS = ("株式会社{}", "有限会社{}", "{}", "合同会社{}", "{}株式会社")
_KANA = (
    "ミナト",
    "ミナトマチ",
    "ヤマテ",
    "アオバ",
    "マツバラ",
    "サクラダイ",
    "カワカミ",
    "ハマ",
    "ホンチョウ",
    "アサヒ",
    "ワカバ",
    "チトセ",
    "サカエ",
    "チュウオウ",
    "ミドリ",
    "フジミ",
)


def fill(count: int, organisations: Sequence[int], *, seed: int = 1) -> list[int]:
    """Make so many businesses on the books of one or two of the organisations; return their row numbers."""

    some = random.Random(seed)
    made: list[int] = []
    drafts = _drafts(count, some)
    while part := list(islice(drafts, _AT_ONCE)):
        for business in part:
            values = {name: getattr(business, name) for name in fields.FIELDS}
            for column, value in fields.derived(values).items():
                setattr(business, column, value)
        rows = Business.objects.bulk_create(part)
        holders = {
            row.pk: some.sample(organisations, k=min(len(organisations), 1 + (some.random() < 0.2)))
            for row in rows
        }
        books = ((pk, each) for pk, held in holders.items() for each in held)
        put(
            Custody,
            "business_id organisation_id reason since actor_label",
            ((*pair, CustodyReason.IMPORTED.value, f"{AT:%Y-%m-%d %H:%M:%S}", "bench") for pair in books),
        )
        put(
            SearchKey,
            "organisation_id business_id rank text",
            (
                (key.organisation_id, key.business_id, key.rank, key.text)
                for row in rows
                for key in keys_of(row, holders[row.pk])
            ),
        )
        made += [row.pk for row in rows]
    return made


def _drafts(count: int, some: random.Random) -> Iterator:

    for number in range(count):
        at = some.randrange(len(_PLACES))
        name = some.choice(_FORMS).format(f"{_PLACES[at]}{some.choice(_TRADES)}{number % 997}")
        yield Business(
            name=name,
            kana=f"{_KANA[at]}{number % 997}",
            area_code=some.choice(("131016", "131024", "131032")),
            town=some.choice(_PLACES),
            street=f"{some.randrange(1, 9)}-{some.randrange(1, 30)}",
            telephone=f"03-{some.randrange(1000, 9999)}-{number % 10_000:04}",
            industry=f"{some.randrange(9, 95):02}",
            created_at=AT,
        )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _print(name: str, milliseconds: list[float]) -> None:
    ordered = sorted(milliseconds)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99)]
    print(f"{name}: p50 {at[0]:.1f}  p95 {at[1]:.1f}  p99 {at[2]:.1f} ms  (n={len(ordered)})")


def main() -> None:
    """Fill, time, print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--businesses", type=int, default=200_000)
    arguments.add_argument("--rounds", type=int, default=300)
    given = arguments.parse_args()

    large, *small = _organisations()
    if not Business.objects.exists():
        started = time.perf_counter()
        # One organisation has most of the books, the others share the rest.
        fill(given.businesses * 9 // 10, [large.pk], seed=1)
        fill(given.businesses // 10, [each.pk for each in small], seed=2)
        print(f"filled in {time.perf_counter() - started:.0f} s")
    print(f"{connection.vendor}: {Business.objects.count():,} businesses")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    hats = {"large": _hat(large), "small": _hat(small[0])}
    names = list(Business.objects.order_by("pk").values_list("name", "telephone")[:5_000:7])
    some = random.Random(3)
    typed: dict[str, Callable[[], str]] = {
        "1 letter": lambda: some.choice("みなと港山青本中水食"),
        "2-4 letters of a name": lambda: _part(some, some.choice(names)[0]),
        "last digits of a telephone": lambda: some.choice(names)[1][-4:],
        "name and place": lambda: f"{some.choice(_TRADES)} {some.choice(_PLACES)}",
        "nothing like it": lambda: "ぬぬぬ",
    }
    for who, hat in hats.items():
        for what, word in typed.items():
            texts = [word() for _ in range(given.rounds)]
            _print(
                f"search, {who} books, {what}",
                [_timed(lambda hat=hat, text=text: queries.search(hat, text)) for text in texts],
            )
        pages = [_timed(lambda hat=hat: _page(hat)) for _ in range(100)]
        _print(f"first page of the list, {who} books", pages)
        record = Business.objects.visible_to(hat).order_by("pk").first()
        _print(
            f"alike, {who} books",
            [_timed(lambda record=record, hat=hat: queries.alike(hat, record)) for _ in range(50)],
        )
    _print("duplicates, large books", [_timed(lambda: queries.duplicates(hats["large"])) for _ in range(3)])


def _organisations():
    there = list(Organisation.objects.filter(name__startswith="機関").order_by("pk")[:40])
    return there or [an_organisation(f"機関{number}") for number in range(40)]


def _hat(organisation) -> Hat:
    return Hat(user_id=0, label="bench", at=AT, organisation_id=organisation.pk, role=Role.MANAGER)


def _page(hat):

    page = page_of(queries.newest_on_books(hat), 1, size=50)
    return queries.rows_of_books(page.rows)


def _part(some: random.Random, name: str) -> str:
    start = some.randrange(max(1, len(name) - 3))
    return name[start : start + some.randrange(2, 5)]


if __name__ == "__main__":
    main()
