"""What records are told with: labels, documents, the credit, and since when each stands as it does."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from madoguchi.catalogue.queries import labels
from madoguchi.finding import ask
from madoguchi.finding.showing import instant
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import ContactFields, Organisation, SourceDocument
from madoguchi.japan import areas, industries
from madoguchi.opendata import shapes
from madoguchi.opendata.models import Told


@dataclass(frozen=True)
class Around:
    """Read once for any number of records."""

    labels: Mapping[str, Mapping[str, str]]
    documents: Mapping[str, SourceDocument]
    writers: Mapping[str, str]
    groupings: Mapping[str, str]
    credit: str
    changed: Mapping[tuple[str, str], datetime]

    def coded(self, vocabulary: str, codes: Iterable[str]) -> list[shapes.Coded]:
        """Codes of a vocabulary with their labels; the code itself where nobody named it."""
        known = self.labels.get(vocabulary, {})
        return [shapes.Coded(code=code, label=known.get(code, code)) for code in codes]

    def areas(self, codes: Iterable[str]) -> list[shapes.Coded]:
        """Areas and groupings with their names."""
        return [self._area(code) for code in codes]

    def area(self, code: str) -> shapes.Coded | None:
        """One area, None for no code."""
        return self._area(code) if code else None

    def record(
        self, kind: str, slug: str, sources: Sequence[Mapping[str, Any]], *, page: str = ""
    ) -> dict[str, Any]:
        """What every record carries. `page` stands for its own page where that is not the record's."""
        return {
            "url": settings.SITE_URL + (page or ask.url_of(kind, slug)),
            "sources": [self._source(source) for source in sources],
            "updated_at": instant(self.changed.get((kind, slug))),
            "credit": self.credit,
        }

    def _area(self, code: str) -> shapes.Coded:
        name = self.groupings.get(code) or _named(areas.get, code)
        return shapes.Coded(code=code, label=name)

    def _source(self, source: Mapping[str, Any]) -> shapes.Source:
        if (writer := source.get("organisation")) is not None:
            return self._own_word(writer, source.get("page", ""))
        document = self.documents.get(source["file"])
        return shapes.Source(
            document=source["file"],
            title=document.title if document else "",
            publisher=document.publisher if document else "",
            fiscal_year=document.fiscal_year if document else None,
            section=source["section"],
            lines=source["lines"],
            note=source.get("note", ""),
        )

    def _own_word(self, writer: str, page: str) -> shapes.Source:
        """What an institution states itself has no document; its own page stands in the note."""
        name = self.writers.get(writer, writer)
        return shapes.Source(
            document="",
            title=f"{name}が書いた内容",
            publisher=name,
            fiscal_year=None,
            section="",
            lines="",
            note=page,
        )


def around(kind: str, slugs: Iterable[str]) -> Around:
    """What the records of a kind with these slugs are told with, in five queries."""
    region = institutions.region()
    told = Told.objects.filter(kind=kind, slug__in=list(slugs)).order_by("pk")
    return Around(
        labels=labels(),
        documents=institutions.source_titles(),
        writers=dict(Organisation.everything.values_list("slug", "name")),
        groupings={row["code"]: f"{row['name']}地域" for row in region.groupings} if region else {},
        credit=region.credit if region else "",
        changed={(row.kind, row.slug): row.changed_at for row in told},
    )


def industries_of(codes: Iterable[str]) -> list[shapes.Coded]:
    """Industries with their names."""
    return [shapes.Coded(code=code, label=_named(industries.get, code)) for code in codes]


def contacts(rows: Iterable[ContactFields]) -> list[shapes.Contact]:
    """Fetched contacts in their printed order."""
    return [
        shapes.Contact(
            name=_name(row),
            label=row.label,
            telephone=row.telephone,
            extension=row.extension,
            fax=row.fax,
            url=row.url,
            note=row.note,
        )
        for row in rows
    ]


def _name(contact: ContactFields) -> str:
    if contact.unit is not None:
        return contact.unit.full_name
    place = contact.desk or contact.organisation
    return place.name if place is not None else ""


def _named(find: Callable[[str], areas.Area | industries.Industry], code: str) -> str:
    try:
        return find(code).name
    except ValueError:
        return code
