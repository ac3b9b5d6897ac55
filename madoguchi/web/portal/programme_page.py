"""What the page of one edition shows; the page of a draft shows the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.catalogue import queries
from madoguchi.catalogue.documents import feed_of
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import reception_of
from madoguchi.eligibility.rulebook import Entry, Rulebook
from madoguchi.events import queries as events
from madoguchi.events.models import Event
from madoguchi.feeds import queries as feeds
from madoguchi.institutions import queries as institutions
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.results import queries as results
from madoguchi.web.portal import reads
from madoguchi.web.portal.shapes import fit_reasons, places, programme_dates, programme_requirements
from madoguchi.web.portal.shapes import programme as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.shapes.fit_profile import Profile
from madoguchi.web.portal.shapes.programme_requirements import Requirements
from madoguchi.web.portal.shapes.programme_whatif import WhatIf
from madoguchi.web.shared import wording

NOBODY = Profile({}, {}, {})


@dataclass(frozen=True)
class Rules:
    """The rules of an edition beside what the visitor has told."""

    book: Rulebook
    entries: list[Entry]
    profile: Profile
    what_if: WhatIf | None

    def asked(self, edition: Edition, words: shapes.Words, at: datetime) -> Requirements | None:
        """What the rules ask; None where none is registered."""
        return programme_requirements.requirements(
            self.entries,
            self.profile,
            fit_reasons.Words(self.book.dictionary, words.documents, tuple(words.groupings)),
            reception=reception_of(edition, at=at),
            on=at.date(),
        )


def context_of(editions: list[Edition], edition: Edition, rules: Rules, *, at: datetime) -> dict[str, Any]:
    """All that the page of an edition shows, beside the other editions of its programme, newest first."""
    slug = edition.programme.slug
    held = held_events(edition)
    words = words_of_pages()
    page = shapes.page(edition, words, at=at)
    older = next((each for each in editions if each.fiscal_year < edition.fiscal_year), None)
    before, after = queries.before_and_after(edition.programme)
    coming = programme_dates.coming_days(held, on=at.date())
    return {
        "slug": slug,
        "is_draft": False,
        "page": page,
        "feed": feeds.note_of(edition) if feed_of(edition) else None,
        "areas": [places.name_of(code, words.groupings) for code in edition.areas],
        "writer": reads.writer_of(edition),
        "asked": rules.asked(edition, words, at),
        "whatif": rules.what_if,
        "trail": trail((reverse("portal:search"), gettext("支援をさがす")), ("", page.title)),
        "years": [
            (each.fiscal_year, wording.fiscal_year(each.fiscal_year), each is edition) for each in editions
        ],
        "newest": wording.fiscal_year(editions[0].fiscal_year) if edition is not editions[0] else "",
        # The newest that the documents have may itself be of a past year.
        "from_past": edition is editions[0] and edition.fiscal_year < FiscalYear.of(at.date()).start_year,
        "older": wording.fiscal_year(older.fiscal_year) if older else "",
        "changes": shapes.changes(older, edition) if older else [],
        "ahead": programme_dates.ahead(held, on=at.date()),
        "has_calendar": edition is editions[0]
        and bool(coming or page.reception.opens_at or page.reception.closes_at),
        "desks": reads.desks_of(edition.programme),
        "relations": queries.relations_of(edition.programme),
        "before": before,
        "after": after,
        "projects": [
            (project, wording.fiscal_year(project.fiscal_year))
            for project in results.projects_of(edition.programme)
        ],
    }


def entries_of(book: Rulebook, edition: Edition) -> list[Entry]:
    """The rules of an edition, one for each of its frames."""
    return [book.entries[place] for place in book.of(edition.programme.slug, edition.fiscal_year)]


def held_events(edition: Edition) -> list[Event]:
    """The events of a programme in the edition's own year."""
    return list(events.events().filter(programme=edition.programme_id, fiscal_year=edition.fiscal_year))


def words_of_pages() -> shapes.Words:
    """What the pages of editions need to name things."""
    return shapes.Words(
        queries.labels(), institutions.source_titles(), institutions.groupings(institutions.region())
    )
