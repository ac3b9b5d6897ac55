"""Loading a checked pack: one transaction, idempotent, telling what was added, changed and removed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.states import EditionState
from madoguchi.events.models import Event
from madoguchi.foundation import audit, outbox
from madoguchi.foundation.yaml_reader import Problem
from madoguchi.institutions.models import Desk
from madoguchi.packs import (
    load_annual,
    load_catalogue,
    load_consultations,
    load_eligibility,
    load_events,
    load_institutions,
    load_results,
)
from madoguchi.packs.pack import Pack
from madoguchi.packs.sync import Changes

# The kinds whose records have pages and are found by searching.
_FOUND_BY_SEARCH = {"programme", "desk", "event", "project", "organisation"}


class PackInvalid(Exception):
    """The pack has problems; nothing was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems")


def load(
    pack: Pack, *, at: datetime, by: audit.Actor = audit.SYSTEM, replacing_edits: bool = False
) -> Changes:
    """Make the database say what the pack says. Raises PackInvalid when the pack was not checked clean.

    Editions that desks or feeds published since stay (`Changes.kept`) unless they are to be replaced."""
    if pack.problems or pack.region is None or pack.vocabulary is None:
        raise PackInvalid(pack.problems)
    changes = Changes()
    with transaction.atomic():
        load_institutions.load(pack, changes)
        load_catalogue.load(pack, changes, at=at, by=by, replacing_edits=replacing_edits)
        load_results.load(pack, changes)
        load_annual.load(pack, changes, at=at, by=by)
        load_eligibility.load(pack, changes, at=at, by=by)
        load_events.load(pack, changes)
        load_consultations.load(pack, changes)
        # Removal runs from the outside in, so that nothing still points at what goes.
        load_events.drop_missing(pack, changes)
        load_annual.drop_missing(pack, changes, at=at, by=by)
        load_results.drop_missing(pack, changes)
        load_catalogue.drop_missing(pack, changes, at=at, by=by)
        load_institutions.drop_missing(pack, changes)
        if changes:
            _record(pack, changes, at=at, by=by)
    return changes


def _record(pack: Pack, changes: Changes, *, at: datetime, by: audit.Actor) -> None:
    counts = {
        name: {kind: len(keys) for kind, keys in getattr(changes, name).items()}
        for name in ("added", "changed", "removed", "kept")
    }
    key = pack.region.key if pack.region else ""
    audit.record("pack.loaded", at=at, by=by, subject_type="pack", subject_id=key, data=counts)
    for key in sorted(_to_index(changes)):
        outbox.put_public(key, at=at)


def _to_index(changes: Changes) -> set[str]:
    """What the index has to follow: the records themselves, those that name them, and the words."""
    keys = {f"{kind}:{slug}" for kind, slug in changes.touched() if kind in _FOUND_BY_SEARCH}
    organisations = changes.changed.get("organisation", [])
    units = changes.changed.get("unit", [])
    named = Q(contacts__unit__slug__in=units) | Q(contacts__organisation__slug__in=organisations)
    named |= Q(contacts__unit__organisation__slug__in=organisations)
    editions = Edition.objects.filter(named, state=EditionState.PUBLISHED)
    keys |= {f"programme:{slug}" for slug in editions.values_list("programme__slug", flat=True)}
    desks = Desk.objects.filter(organisation__slug__in=organisations)
    keys |= {f"desk:{slug}" for slug in desks.values_list("slug", flat=True)}
    events = Event.objects.filter(organiser__slug__in=organisations)
    keys |= {f"event:{slug}" for slug in events.values_list("slug", flat=True)}
    # Synonyms, labels and places are no records, but searches read them too.
    return keys | {"words:"}
