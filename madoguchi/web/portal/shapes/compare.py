"""Up to four programmes side by side: one criterion a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import Reception, reception_of
from madoguchi.web.portal.shapes.contacts import cards
from madoguchi.web.portal.shapes.programme import title
from madoguchi.web.portal.shapes.quick import quick
from madoguchi.web.shared.templatetags import madoguchi as tags


@dataclass(frozen=True)
class Column:
    """One programme; `title` may hold `|` at fold points, `without_url` compares the others."""

    slug: str
    title: str
    url: str
    without_url: str


@dataclass(frozen=True)
class Row:
    """A criterion and what each programme says to it, in lines; no line is asked for at the desk."""

    label: str
    cells: Sequence[tuple[Column, Sequence[str | SafeString]]]


def url_of(slugs: Iterable[str]) -> str:
    """The address of a comparison."""
    pairs = "&".join(f"p={slug}" for slug in slugs)
    return reverse("portal:compare") + (f"?{pairs}" if pairs else "")


def columns(editions: Sequence[Edition]) -> list[Column]:
    """The programmes in the order in which they were chosen."""
    slugs = [edition.programme.slug for edition in editions]
    return [
        Column(
            slug=slug,
            title=title(edition),
            url=reverse("portal:programme", args=[slug]),
            without_url=url_of(each for each in slugs if each != slug),
        )
        for slug, edition in zip(slugs, editions, strict=True)
    ]


def rows(editions: Sequence[Edition], *, kinds: Mapping[str, str], at: datetime) -> list[Row]:
    """Every criterion to which at least one of the programmes says something."""
    heads = columns(editions)
    receptions = [reception_of(edition, at=at) for edition in editions]
    found = []
    for label, says in _criteria(kinds, at):
        cells = [says(edition, reception) for edition, reception in zip(editions, receptions, strict=True)]
        if any(cells):
            found.append(Row(label, list(zip(heads, cells, strict=True))))
    return found


Says = Callable[[Edition, Reception], Sequence[str | SafeString]]


def _criteria(kinds: Mapping[str, str], at: datetime) -> list[tuple[str, Says]]:
    def shown(edition: Edition, reception: Reception) -> Mapping[str, str]:
        fast = quick(edition, reception, today=at.date())
        return {
            name: getattr(fast, name)
            for name in ("money", "money_note", "who", "until", "until_note", "where")
        }

    def of(*names: str) -> Says:
        return lambda edition, reception: _told(shown(edition, reception)[name] for name in names)

    return [
        (gettext("種類"), lambda edition, _: [kinds.get(code, code) for code in edition.kinds]),
        (gettext("受付"), lambda _, reception: [tags.status(reception.status)]),
        (gettext("いくら"), of("money", "money_note")),
        (gettext("だれが"), of("who")),
        (gettext("いつまで"), of("until", "until_note")),
        (gettext("どこに"), of("where")),
        (gettext("使える条件"), lambda edition, _: [row["text"] for row in edition.requirements]),
        (gettext("受けられる支援"), lambda edition, _: [row["text"] for row in edition.benefits]),
        (gettext("用意するもの"), lambda edition, _: [row["name"] for row in edition.documents]),
        (gettext("費用"), lambda edition, _: _told([edition.fee])),
        (gettext("電話"), _telephones),
    ]


def _told(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text]


def _telephones(edition: Edition, _reception: Reception) -> list[SafeString]:
    return [
        tags.tel(card.telephone, card.extension) for card in cards(edition.contacts.all()) if card.telephone
    ][:1]
