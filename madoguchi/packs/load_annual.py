"""What the annual report tells: indicators with their values, narratives, introductions, case studies."""

from datetime import datetime

from madoguchi.catalogue.models import Programme
from madoguchi.foundation.audit import Actor
from madoguchi.packs import load_indicators, load_report
from madoguchi.packs.load_indicators import source_of
from madoguchi.packs.pack import Pack
from madoguchi.packs.sync import Changes, Wanted, digest
from madoguchi.packs.sync_entries import Entries, drop_entries, sync_entries
from madoguchi.results import holding
from madoguchi.results.models import CaseStudy, Introduction, Listing, Narrative, Project

ListingKey = tuple[str, int]


def load(pack: Pack, changes: Changes, *, at: datetime, by: Actor) -> None:
    """Write what came of the projects, and the texts around it."""
    load_report.load(pack, changes)
    load_indicators.load(pack, changes, at=at, by=by)
    sync_entries(_narratives(), _wanted_narratives(pack), changes, at=at, by=by)
    sync_entries(_introductions(), _wanted_introductions(pack), changes, at=at, by=by)
    sync_entries(_case_studies(pack), _wanted_case_studies(pack), changes, at=at, by=by)


def drop_missing(pack: Pack, changes: Changes, *, at: datetime, by: Actor) -> None:
    """Remove what the pack brought once and no longer has."""
    drop_entries(_case_studies(pack), _wanted_case_studies(pack), changes)
    drop_entries(_introductions(), _wanted_introductions(pack), changes)
    drop_entries(_narratives(), _wanted_narratives(pack), changes)
    load_indicators.drop_missing(pack, changes, at=at, by=by)
    load_report.drop_missing(pack, changes)


def _narratives() -> Entries[Narrative, tuple[str, str]]:
    held = holding.held_years()
    rows = Narrative.objects.select_related("project", "programme")
    years = dict(Project.objects.values_list("slug", "fiscal_year"))
    return Entries(
        model=Narrative,
        kind="narrative",
        there={_about(row): row for row in rows},
        called=lambda key: key[0] or key[1],
        is_held=lambda key: years.get(key[0]) in held,
    )


def _about(row: Narrative) -> tuple[str, str]:
    return row.project.slug if row.project else "", row.programme.slug if row.programme else ""


def _wanted_narratives(pack: Pack) -> dict[tuple[str, str], Wanted]:
    projects = {row.slug: row for row in Project.objects.all()}
    programmes = {row.slug: row for row in Programme.objects.all()}
    records = {project.slug: project for project in pack.projects}
    wanted = {}
    for result in pack.results:
        if not (result.overview or result.achievements):
            continue
        source = source_of(result, records.get(result.project or ""), result.lines)
        if result.sources:
            source["also"] = [row.model_dump(mode="json") for row in result.sources]
        wanted[result.project or "", result.programme or ""] = Wanted(
            {
                "project": projects[result.project] if result.project else None,
                "programme": programmes[result.programme] if result.programme else None,
                "overview": result.overview,
                "achievements": result.achievements,
                "source": source,
            },
            digest(
                "narrative",
                result.model_copy(update={"indicators": [], "responsible_elsewhere": {}, "responsible": ""}),
                str(source),
            ),
        )
    return wanted


def _introductions() -> Entries[Introduction, ListingKey]:
    held = holding.held_years()
    rows = Introduction.objects.select_related("listing")
    return Entries(
        model=Introduction,
        kind="introduction",
        there={(row.listing.code, row.listing.fiscal_year): row for row in rows},
        called=lambda key: f"{key[0]}（{key[1]}）",
        is_held=lambda key: key[1] in held,
    )


def _wanted_introductions(pack: Pack) -> dict[ListingKey, Wanted]:
    listings = {(row.code, row.fiscal_year): row for row in Listing.objects.all()}
    return {
        (record.listing, record.fiscal_year): Wanted(
            {
                "listing": listings[record.listing, record.fiscal_year],
                "blocks": [block.model_dump() for block in record.blocks],
                "source": record.source.model_dump(mode="json"),
            },
            digest("introduction", record),
        )
        for record in pack.introductions
    }


def _case_studies(pack: Pack) -> Entries[CaseStudy, str]:
    held = holding.held_years()
    rows = {row.slug: row for row in CaseStudy.objects.all()}
    years = {record.slug: record.fiscal_year for record in pack.case_studies}
    years |= {row.slug: row.fiscal_year for row in rows.values()}
    return Entries(
        model=CaseStudy,
        kind="case_study",
        there=rows,
        called=str,
        is_held=lambda slug: years.get(slug) in held,
    )


def _wanted_case_studies(pack: Pack) -> dict[str, Wanted]:
    listings = {(row.code, row.fiscal_year): row for row in Listing.objects.all()}
    projects = {row.slug: row for row in Project.objects.all()}
    plain = {"slug", "fiscal_year", "title", "business", "paragraphs", "captions"}
    return {
        record.slug: Wanted(
            {
                **record.model_dump(include=plain),
                "listing": listings[record.listing, record.fiscal_year],
                "project": projects[record.project] if record.project else None,
                "position": position,
                "pictures": [picture.model_dump() for picture in record.pictures],
                "source": record.source.model_dump(mode="json"),
            },
            digest("case_study", record, str(position)),
        )
        for position, record in enumerate(pack.case_studies)
    }
