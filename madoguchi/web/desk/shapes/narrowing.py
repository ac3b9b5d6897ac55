"""What the list of everything is narrowed down by: read from the address, offered as fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.queries import topics as topic_queries
from madoguchi.consultations.queries.trays import Narrowing, Stand
from madoguchi.institutions import queries as institutions
from madoguchi.japan import areas

_LONGEST = 100


@dataclass(frozen=True)
class Field:
    """One select: its name in the address, its label, and (value, label, whether chosen)."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Filters:
    """The fields of the form, and what they say."""

    narrowing: Narrowing
    fields: list[Field]
    words: str
    is_set: bool


def read(asked: Mapping[str, str], hat: Hat, *, at: datetime) -> Filters:
    """The filters as the address sets them; what it says that nobody offers is no filter."""
    words = asked.get("q", "").strip()[:_LONGEST]
    stands = {stand.value: str(stand.label) for stand in Stand}
    topics = {topic.code: topic.label for topic in topic_queries.topics()}
    advisers = {
        str(each.pk): each.display_name
        for each in colleagues.people(organisation_id=hat.organisation_id, at=at)
    }
    region = institutions.region()
    groupings = {each.code: each for each in institutions.groupings(region)}
    places = {code: each.name for code, each in groupings.items()}
    if region:
        places |= {each.code: each.name for each in areas.municipalities(region.prefecture_code)}
    stand = _known(asked, "state", stands)
    topic, adviser, place = (
        _known(asked, name, known)
        for name, known in (("topic", topics), ("adviser", advisers), ("area", places))
    )
    # Whoever searches means everything, whatever became of it.
    default = Stand.ANY if words else Stand.RUNNING
    narrowing = Narrowing(
        stand=Stand(stand) if stand else default,
        topic=topic,
        adviser=int(adviser) if adviser else None,
        areas=frozenset(groupings[place].members if place in groupings else [place] if place else []),
        words=words,
    )
    fields = [
        Field("state", gettext("状態"), _options(stands.items(), narrowing.stand.value)),
        Field("topic", gettext("相談の種類"), _options([("", gettext("すべて")), *topics.items()], topic)),
        Field("adviser", gettext("担当"), _options([("", gettext("すべて")), *advisers.items()], adviser)),
        Field("area", gettext("地域"), _options([("", gettext("すべて")), *places.items()], place)),
    ]
    return Filters(narrowing, fields, words, bool(words or stand or topic or adviser or place))


def _known(asked: Mapping[str, str], name: str, known: Mapping[str, str]) -> str:
    value = asked.get(name, "")
    return value if value in known else ""


def _options(pairs: Iterable[tuple[str, str]], chosen: str) -> list[tuple[str, str, bool]]:
    return [(value, label, value == chosen) for value, label in pairs]
