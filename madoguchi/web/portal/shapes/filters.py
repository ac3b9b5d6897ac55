"""Links that narrow a list down, and what to say about words in the address that mean nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext


@dataclass(frozen=True)
class Choice:
    """One value of a filter; an empty value takes the filter off."""

    url: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """One condition: the value in force (empty when none, or when the address named an unknown one)."""

    name: str
    legend: str
    value: str
    label: str
    is_unknown: bool
    choices: list[Choice]


def filters(
    path: str, asked: Mapping[str, str], offered: Iterable[tuple[str, str, Mapping[str, str]]]
) -> dict[str, Filter]:
    """The filters of a page by name, from (name, legend, labels by value).

    Each link keeps the other filters that are in force; an unknown value is no filter.
    """
    offers = list(offered)
    chosen = {name: asked.get(name, "") for name, _, labels in offers if asked.get(name, "") in labels}

    def url(**changed: str) -> str:
        wanted = {**chosen, **changed}
        kept = {name: wanted[name] for name, _, _ in offers if wanted.get(name)}
        return f"{path}?{urlencode(kept)}" if kept else path

    made = {}
    for name, legend, labels in offers:
        value = chosen.get(name, "")
        links = [Choice(url(**{name: ""}), gettext("すべて"), not value)]
        links += [Choice(url(**{name: code}), label, code == value) for code, label in labels.items()]
        is_unknown = bool(asked.get(name)) and not value
        made[name] = Filter(name, legend, value, labels.get(value, ""), is_unknown, links)
    return made
