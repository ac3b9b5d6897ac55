"""python -m bench.desk: what pages of the desk cost in a region with 200,000 cases.

    MADOGUCHI_DATABASE_URL=postgres://… python -m bench.desk [--cases 200000] [--requests 200]

Pages are asked for through Django's test client, in one process. Without MADOGUCHI_DATABASE_URL it makes a
SQLite file in a temporary directory; a database that is named has to be empty, or to hold the region of an
earlier run (`--again`).
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

_PLACE = tempfile.TemporaryDirectory(prefix="bench-desk-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
os.environ.setdefault("MADOGUCHI_DATA_DIR", _PLACE.name)
os.environ["MADOGUCHI_TODAY"] = "actual"

import django  # noqa: E402

django.setup()

# Models exist only once Django is set up.
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import machine, region  # noqa: E402
from bench.region import Institution, Size  # noqa: E402
from madoguchi.accounts.models import Membership, User  # noqa: E402
from madoguchi.businesses.models import Business  # noqa: E402
from madoguchi.foundation import clock  # noqa: E402
from madoguchi.institutions.models import Region  # noqa: E402
from madoguchi.packs.load import load  # noqa: E402
from madoguchi.packs.pack import read_pack  # noqa: E402
from tests.accounts.people import sign_in  # noqa: E402

_ROOT = Path(__file__).parents[1]
_WORDS = ("販路", "補助金", "設備 見積り", "首都圏", "特許", "後継者", "みなと", "2024-01", "ぬぬぬ")
_HEADINGS = ("page", "n", "queries", "p50 ms", "p95 ms", "CPU p50", "CPU p95", "CPU max")
_OK = 200


@dataclass(frozen=True)
class Who:
    """Somebody who looks at pages."""

    name: str
    client: Client
    institution: Institution
    is_manager: bool


@dataclass(frozen=True)
class Took:
    """What one request took, in milliseconds: on the clock, and of the processor, the database's work too."""

    wall: float
    cpu: float


def main() -> None:
    """Make the region, look at its pages, print tables."""
    arguments = _arguments()
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    print(machine.describe(("django", "psycopg")))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A second process's work would not be counted.
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    started, cpu = time.perf_counter(), time.process_time()
    if arguments.again:
        institutions = region.grown()
    else:
        call_command("migrate", verbosity=0)
        if not Region.objects.exists():
            load(read_pack(arguments.pack), at=clock.now())
        size = Size(arguments.cases, arguments.businesses or arguments.cases // 2)
        institutions = region.grow(size, today=clock.today())
    print(
        f"- {_database()}: {region.describe()}; made or found in {time.perf_counter() - started:.0f} s"
        f" ({time.process_time() - cpu:.0f} s of processor time)",
        flush=True,
    )
    some = random.Random(7)
    for who in _people(institutions):
        rows = []
        for name, addresses in _pages(who, some).items():
            if arguments.only in name:
                rows.append((name, *_measured(who.client, addresses, arguments)))
        print(f"\n### {connection.vendor}, {who.name}\n\n{machine.table(_HEADINGS, rows)}", flush=True)
    print("\nload after the run " + " ".join(f"{value:.1f}" for value in os.getloadavg()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--businesses", type=int, help="as a rule one for two cases")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20, help="most seconds for one page and person")
    parser.add_argument("--again", action="store_true", help="the database holds the region already")
    parser.add_argument("--only", default="", help="pages with this in their name")
    parser.add_argument("--pack", type=Path, default=_ROOT / "packs/aomori")
    return parser.parse_args()


def _database() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database()), current_setting('server_version')")
            size, version = cursor.fetchone()
            return f"PostgreSQL {version}, {size / 1e6:,.0f} MB"
    return f"SQLite, {Path(connection.settings_dict['NAME']).stat().st_size / 1e6:,.0f} MB"


def _people(institutions: list[Institution]) -> Iterator[Who]:
    middling = institutions[len(institutions) // 2]
    for name, institution in (("middling", middling), ("largest", institutions[0])):
        for role, pk in (("adviser", institution.adviser), ("manager", institution.manager)):
            user = User.objects.get(pk=pk)
            client = Client(HTTP_HOST="localhost")
            sign_in(client, user, Membership.objects.get(user=user))
            size = f"{institution.cases:,} cases, {len(institution.staff)} staff"
            yield Who(f"{role} of the {name} institution ({size})", client, institution, role == "manager")


def _pages(who: Who, some: random.Random) -> dict[str, Callable[[], str]]:
    """Each page, with a function that gives another address of it each time."""
    big, cases = region.cases_of(who.institution)
    names = list(
        Business.objects.filter(pk__in=who.institution.businesses[:300]).values_list("name", flat=True)
    )
    year = clock.today().year - (clock.today().month < 4)

    def days() -> dict[str, str]:
        # Four years, so that the same one seldom comes twice in a row.
        begins = year - some.randrange(4)
        return {"first": f"{begins}-04-01", "last": f"{begins + 1}-03-31"}

    crossed = {"measure": "businesses", "by": "topic", "across": "month"}
    pages = {
        "tray today": lambda: _to("trays/today/"),
        "tray of everything": lambda: _to("trays/all/"),
        "tray of everything, a word": lambda: _to("trays/all/", q=some.choice(_WORDS)),
        "tray of everything, dense": lambda: _to("trays/all/", view="dense"),
        "any case": lambda: _to(f"cases/{some.choice(cases)}/"),
        "case with 100 talks, 300 notes": lambda: _to(f"cases/{big.key}/"),
        "similar cases": lambda: _to(f"cases/{some.choice(cases)}/similar/"),
        "intake": lambda: _to("cases/new/"),
        "businesses while typing": lambda: _to("cases/new/found/", q=_typed(some, names)),
        "statistics, own, a year": lambda: _to("statistics/", **days()),
        "statistics, own, topic by month": lambda: _to("statistics/", **crossed, **days()),
        "monthly report": lambda: _to("monthly/", month=f"{year}-{some.randrange(4, 12):02}"),
    }
    if who.is_manager:
        pages |= {
            "statistics, region, a year": lambda: _to("statistics/", whose="region", **days()),
            "statistics, region, topic by month": lambda: _to(
                "statistics/", whose="region", **crossed, **days()
            ),
            "team": lambda: _to("team/"),
            "who saw this case (2,000 readings)": lambda: _to("audit/", case=big.number),
            "what this person did": lambda: _to("audit/", person=some.choice(who.institution.staff)),
            "what the busiest did": lambda: _to("audit/", person=who.institution.adviser),
        }
    return pages


def _to(path: str, **query: object) -> str:
    return f"/desk/{path}?{urlencode(query)}"


def _typed(some: random.Random, names: list[str]) -> str:
    """One to four letters of the name of somebody on the books."""
    name = some.choice(names)
    start = some.randrange(max(1, len(name) - 3))
    return name[start : start + some.randrange(1, 5)]


def _measured(
    client: Client, address: Callable[[], str], arguments: argparse.Namespace
) -> tuple[object, ...]:
    with CaptureQueriesContext(connection) as captured:
        _asked(client, address())
        queries = len(captured)
    took: list[Took] = []
    until = time.monotonic() + arguments.seconds
    while len(took) < arguments.requests and (time.monotonic() < until or len(took) < 5):
        took.append(_asked(client, address()))
    wall, cpu = sorted(each.wall for each in took), sorted(each.cpu for each in took)
    both = [_at(ordered, share) for ordered in (wall, cpu) for share in (0.5, 0.95)]
    return (len(took), queries, *both, cpu[-1])


def _asked(client: Client, address: str) -> Took:
    wall, cpu = time.perf_counter(), _cpu_seconds()
    response = client.get(address)
    _body = response.content
    took = Took((time.perf_counter() - wall) * 1000, (_cpu_seconds() - cpu) * 1000)
    if response.status_code != _OK:
        raise SystemExit(f"{address} answered {response.status_code}")
    return took


def _cpu_seconds() -> float:
    """Of this process and, where that is another one on this machine, of the one that answers it."""
    own = time.process_time()
    if connection.vendor == "postgresql" and connection.connection is not None:
        ran = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text(encoding="ascii")
        own += int(ran.split()[0]) / 1e9
    return own


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    main()
