"""The region, its source documents, organisations, units, successions and desks."""

import hashlib
from collections.abc import Iterable
from typing import Any

from madoguchi.institutions.models import (
    Desk,
    DeskContact,
    Organisation,
    PackFile,
    Region,
    SourceDocument,
    Succession,
    ThemeFile,
    Unit,
)
from madoguchi.packs import schema
from madoguchi.packs.pack import Pack
from madoguchi.packs.sync import Changes, Wanted, digest, drop, noting, plain, sync
from madoguchi.packs.values import Contact

# What the site tells everybody anyway. Not the routing of consultations, nor the demonstration's people, nor
# figures of years that are still being prepared: those of public reports have files of their own.
_PUBLIC = frozenset(
    {
        "region.yaml",
        "sources",
        "vocabulary.yaml",
        "thesaurus.yaml",
        "policies.yaml",
        "institutions",
        "desks",
        "programmes",
        "events",
        "facts",
        "definitions",
        "rules",
    }
)


def load(pack: Pack, changes: Changes) -> None:
    """Write everything of the institutions room."""
    sources = {
        file.file: Wanted(
            {
                **file.model_dump(include={"title", "short_title", "publisher", "fiscal_year", "sha256"}),
                "sections": plain(file.sections),
            },
            digest("source", file),
        )
        for file in pack.sources
    }
    sync(SourceDocument, "source", sources, changes, key="key")
    _organisations(pack, changes)
    _units(pack, changes)
    with noting(changes, "succession", "successions", Succession):
        _successions(pack)
    _desks(pack, changes)
    if pack.region:
        with noting(changes, "region", pack.region.key, Region, ThemeFile):
            _region(pack, pack.region)
            _theme(pack)
    _public_files(pack)


def drop_missing(pack: Pack, changes: Changes) -> None:
    """Remove what the pack no longer has."""
    drop(Desk, "desk", [desk.slug for desk in pack.desks], changes)
    drop(Unit, "unit", [unit.slug for unit in pack.units], changes)
    drop(Organisation, "organisation", [item.slug for item in pack.organisations], changes)
    drop(SourceDocument, "source", [file.file for file in pack.sources], changes, key="key")


def contact_rows(contacts: Iterable[Contact]) -> list[dict[str, Any]]:
    """Contacts as columns of ContactFields, pointing at the loaded units, desks and organisations."""
    contacts = list(contacts)
    units = Unit.objects.in_bulk([c.unit for c in contacts if c.unit], field_name="slug")
    desks = Desk.objects.in_bulk([c.desk for c in contacts if c.desk], field_name="slug")
    organisations = Organisation.objects.in_bulk(
        [c.organisation for c in contacts if c.organisation], field_name="slug"
    )
    return [
        {
            "unit": units[c.unit] if c.unit else None,
            "desk": desks[c.desk] if c.desk else None,
            "organisation": organisations[c.organisation] if c.organisation else None,
            "telephone": c.telephone or "",
            "fax": c.fax or "",
            **c.model_dump(include={"label", "extension", "url", "note"}),
        }
        for c in contacts
    ]


def _organisations(pack: Pack, changes: Changes) -> None:
    wanted = {
        item.slug: Wanted(
            {
                **item.model_dump(
                    include={"name", "breaks", "short_name", "kind", "address", "url", "summary"}
                ),
                "area_code": item.area or "",
                "telephone": item.telephone or "",
                "fax": item.fax or "",
                "sources": plain(item.sources),
            },
            digest("organisation", item),
        )
        for item in pack.organisations
    }
    touched = sync(Organisation, "organisation", wanted, changes)
    by_slug = {row.slug: row for row in Organisation.objects.all()}
    for item in pack.organisations:
        if item.slug in touched:
            parent = by_slug[item.parent] if item.parent else None
            Organisation.objects.filter(slug=item.slug).update(parent=parent)


def _units(pack: Pack, changes: Changes) -> None:
    organisations = {row.slug: row for row in Organisation.objects.all()}
    units = {unit.slug: unit for unit in pack.units}
    full_names = {unit.slug: _full_name(unit, units, organisations) for unit in pack.units}
    wanted = {
        unit.slug: Wanted(
            {
                **unit.model_dump(include={"name", "level", "named_in", "valid_from", "valid_until"}),
                "organisation": organisations[unit.organisation],
                "full_name": full_names[unit.slug],
                "telephone": unit.telephone or "",
                "fax": unit.fax or "",
                "sources": plain(unit.sources),
            },
            # A unit whose parent or organisation is renamed has another full name.
            digest("unit", unit, full_names[unit.slug]),
        )
        for unit in pack.units
    }
    touched = sync(Unit, "unit", wanted, changes)
    rows = {row.slug: row for row in Unit.objects.all()}
    for unit in pack.units:
        if unit.slug in touched:
            Unit.objects.filter(slug=unit.slug).update(parent=rows[unit.parent] if unit.parent else None)


def _successions(pack: Pack) -> None:
    rows = {row.slug: row for row in Unit.objects.all()}
    Succession.objects.all().delete()
    Succession.objects.bulk_create(
        Succession(
            predecessor=rows[row.predecessor],
            successor=rows[row.successor],
            happened_on=row.on,
            note=row.note,
            is_assumed=row.assumed,
        )
        for row in pack.successions
    )


def _full_name(
    unit: schema.Unit, units: dict[str, schema.Unit], organisations: dict[str, Organisation]
) -> str:
    names = [unit.name]
    above = unit.parent
    while above:
        names.append(units[above].name)
        above = units[above].parent
    body = organisations[unit.organisation]
    return " ".join([body.short_name or body.name, *reversed(names)])


def _desks(pack: Pack, changes: Changes) -> None:
    organisations = {row.slug: row for row in Organisation.objects.all()}
    units = {row.slug: row for row in Unit.objects.all()}
    wanted = {
        desk.slug: Wanted(
            {
                **desk.model_dump(
                    include={
                        "name",
                        "breaks",
                        "purposes",
                        "industries",
                        "audience",
                        "summary",
                        "easy",
                        "covers",
                        "closed",
                        "by_appointment",
                        "fee",
                        "valid_from",
                        "valid_until",
                        "keywords",
                        "notes",
                    }
                ),
                "organisation": organisations[desk.organisation],
                "unit": units[desk.unit] if desk.unit else None,
                "place_name": desk.place.name if desk.place else "",
                "address": desk.place.address if desk.place else "",
                "area_code": (desk.place.area or "") if desk.place else "",
                "hours": plain(desk.hours),
                "is_free": desk.free,
                "is_confidential": desk.confidential,
                "links": plain(desk.links),
                "sources": plain(desk.sources),
            },
            digest("desk", desk),
        )
        for desk in pack.desks
    }
    touched = sync(Desk, "desk", wanted, changes)
    rows = {row.slug: row for row in Desk.objects.all()}
    for desk in pack.desks:
        if desk.slug not in touched:
            continue
        row = rows[desk.slug]
        Desk.objects.filter(pk=row.pk).update(parent=rows[desk.parent] if desk.parent else None)
        row.contacts.all().delete()
        DeskContact.objects.bulk_create(
            DeskContact(of_desk=row, position=position, **columns)
            for position, columns in enumerate(contact_rows(desk.contacts))
        )


def _region(pack: Pack, region: schema.Region) -> None:
    Region.objects.exclude(key=region.key).delete()
    Region.objects.update_or_create(
        key=region.key,
        defaults={
            **region.model_dump(
                include={"site_name", "tagline", "believed_today", "often_searched", "credit"}
            ),
            "prefecture_code": region.prefecture,
            "general_desk": Desk.objects.get(slug=region.general_desk.desk),
            "general_telephone": region.general_desk.telephone,
            "general_hours": region.general_desk.hours,
            "groupings": plain(region.groupings),
            "licence_name": region.licence.name if region.licence else "",
            "licence_url": region.licence.url if region.licence else "",
        },
    )


def _public_files(pack: Pack) -> None:
    """Keep the files that anybody may take along; they follow from the records, so no change is noted."""
    files = {
        path.relative_to(pack.directory).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(pack.directory.rglob("*.yaml"))
        if path.relative_to(pack.directory).parts[0] in _PUBLIC
    }
    if dict(PackFile.objects.values_list("name", "content")) != files:
        PackFile.objects.all().delete()
        PackFile.objects.bulk_create(PackFile(name=name, content=text) for name, text in files.items())


def _theme(pack: Pack) -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in (pack.directory / "theme").glob("*.*")}
    ThemeFile.objects.exclude(name__in=files).delete()
    for name, content in files.items():
        ThemeFile.objects.update_or_create(
            name=name,
            defaults={"content": content, "content_hash": hashlib.sha256(content.encode()).hexdigest()},
        )
