"""The engine of this process, made anew when the words beside the index change."""

import gc
from functools import lru_cache

from django.conf import settings

from madoguchi.finding import words
from madoguchi.foundation import clock
from madoguchi.japan import industries
from madoguchi.search.engine import Engine, Settings
from madoguchi.search.places import Place
from madoguchi.search.results import SearchRequest
from madoguchi.search.thesaurus import Thesaurus

# A project tells what the prefecture did with money; who searches usually wants what can be used.
_TYPE_FACTORS = {"programme": 1.0, "desk": 0.95, "event": 0.9, "project": 0.6, "organisation": 0.7}
# Nobody can go to an event any more; how a scheme of last year worked often still tells something.
_PAST_FACTORS = {"event": 0.5}


def current() -> Engine:
    """The engine over the newest index and words; cheap to ask every time."""
    return _engine(words.version())


def warm_up() -> None:
    """Search until dictionary, index and vocabulary are in memory, and keep the collector off them."""
    for text in ("相談", "そうだん"):
        current().search(SearchRequest(on=clock.today(), text=text, limit=1))
    # Walking the vocabulary for garbage would stop a search for tens of milliseconds.
    gc.collect()
    gc.freeze()


@lru_cache(maxsize=2)
def _engine(_version: words.Version) -> Engine:
    known = words.read()
    return Engine(
        settings.INDEX_DIR,
        Thesaurus.from_groups(known.get("thesaurus", ())),
        [
            Place(row["code"], row["name"], tuple(row["aliases"]), tuple(row["ancestors"]))
            for row in known.get("places", ())
        ],
        Settings(type_factors=_TYPE_FACTORS, past_factors=_PAST_FACTORS, industries=_industries()),
    )


def _industries() -> dict[str, tuple[str, ...]]:
    """Every JSIC code with the division above it."""
    found: dict[str, tuple[str, ...]] = {}
    for division in industries.divisions():
        found[division.code] = ()
        found |= {group.code: (division.code,) for group in industries.major_groups(division.code)}
    return found
