"""Indicators, the projects' tables, and the values in their cells."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from madoguchi.catalogue.models import Programme
from madoguchi.foundation.audit import Actor
from madoguchi.institutions.models import Unit
from madoguchi.packs import schema
from madoguchi.packs.pack import Pack
from madoguchi.packs.schema_results import Indicator as IndicatorRecord
from madoguchi.packs.schema_results import PrintedCell, Result
from madoguchi.packs.sync import Changes, Wanted, digest, drop, sync
from madoguchi.packs.sync_entries import Entries, drop_entries, sync_entries
from madoguchi.results import holding, values
from madoguchi.results.cells import Cell, CellKind, Part, read_cell
from madoguchi.results.models import Indicator, IndicatorValue, Project, ProjectIndicator, ValueChange

Key = tuple[str, int | None]
_REASON = "地域パックの読み込み"


def load(pack: Pack, changes: Changes, *, at: datetime, by: Actor) -> None:
    """Write indicators, their places in the projects' tables, and their values."""
    _indicators(pack, changes)
    _tables(pack, changes)
    sync_entries(_entries(pack, at=at, by=by), _values(pack), changes, at=at, by=by)


def drop_missing(pack: Pack, changes: Changes, *, at: datetime, by: Actor) -> None:
    """Remove the indicators and values that the pack brought once; one with a history is only hidden."""
    drop_entries(_entries(pack, at=at, by=by), _values(pack), changes)
    stay = {row.key for _, row in _rows(pack)}
    stay |= set(Indicator.objects.filter(content_hash="").values_list("key", flat=True))
    edited = IndicatorValue.objects.filter(edited_at__isnull=False) | IndicatorValue.objects.filter(
        indicator__project_rows__project__fiscal_year__in=holding.held_years()
    )
    stay |= set(edited.values_list("indicator__key", flat=True))
    drop(Indicator, "indicator", stay, changes, key="key")


def cell_of(cell: PrintedCell) -> Cell:
    """The cell as read; where the pack writes its parts itself, with those."""
    read = read_cell(cell.raw)
    if not cell.parts:
        return read
    parts = tuple(Part(**part.model_dump()) for part in cell.parts)
    return Cell(read.raw, CellKind.NUMBERS, parts, provisional=read.provisional)


def source_of(result: Result, project: schema.Project | None, lines: str | None) -> dict[str, Any]:
    """Where something of a result is written: its lines on the page of its project, or as it says itself."""
    if result.source is None:
        page = project.sources[-1] if project else None
        where = {"file": page.file, "section": page.section, "lines": lines or page.lines} if page else {}
        return {**where, "note": result.source_note}
    source = result.source.model_dump(mode="json")
    return {**source, "lines": lines or source["lines"]}


def _rows(pack: Pack) -> Iterator[tuple[Result, IndicatorRecord]]:
    for result in pack.results:
        yield from ((result, row) for row in result.indicators)


def _indicators(pack: Pack, changes: Changes) -> None:
    units = {row.slug: row for row in Unit.objects.all()}
    programmes = {row.slug: row for row in Programme.objects.all()}
    names = ("name", "counting", "good", "question", "measure")
    wanted = {
        row.key: Wanted(
            {
                **row.model_dump(include=set(names)),
                "owner": units[row.owner] if row.owner else None,
                "programme": programmes[result.programme] if result.programme else None,
            },
            digest(
                "indicator",
                row.model_copy(update={"values": {}, "undated": None, "note": "", "period": ""}),
                result.programme or "",
            ),
        )
        for result, row in _rows(pack)
    }
    for key in _held_names(wanted):
        del wanted[key]
        changes.note(changes.kept, "indicator", key)
    sync(Indicator, "indicator", wanted, changes, key="key")


def _held_names(wanted: Mapping[str, Wanted]) -> list[str]:
    """The indicators whose name a closed report prints otherwise."""
    printed = Indicator.objects.filter(project_rows__project__fiscal_year__in=holding.held_years())
    names = printed.values_list("key", "name")
    return [key for key, name in set(names) if key in wanted and wanted[key].columns["name"] != name]


def _tables(pack: Pack, changes: Changes) -> None:
    """Which indicators a project's table has, in which order; a closed year's tables stay."""
    projects = {row.slug: row for row in Project.objects.all()}
    held = holding.held_years()
    there: dict[int, dict[int, ProjectIndicator]] = defaultdict(dict)
    for row in ProjectIndicator.objects.exclude(indicator__content_hash=""):
        there[row.project_id][row.indicator_id] = row
    for slug, wanted in _wanted_tables(pack).items():
        project = projects[slug]
        now = there[project.pk]
        if {key: (row.position, row.in_report) for key, row in now.items()} == wanted:
            continue
        if project.fiscal_year in held:
            changes.note(changes.kept, "project", slug)
            continue
        if now:
            changes.note(changes.changed, "project", slug)
        _write_table(project, now, wanted)


def _wanted_tables(pack: Pack) -> dict[str, dict[int, tuple[int, bool]]]:
    """For each project its indicators with their place and whether the report prints them."""
    indicators = {row.key: row.pk for row in Indicator.objects.all()}
    tables: dict[str, dict[int, tuple[int, bool]]] = {}
    for result in sorted(pack.results, key=lambda row: row.source is not None):
        if result.project is not None:
            table = tables.setdefault(result.project, {})
            for row in result.indicators:
                table[indicators[row.key]] = (len(table), result.source is None)
    return tables


def _write_table(
    project: Project, now: Mapping[int, ProjectIndicator], wanted: Mapping[int, tuple[int, bool]]
) -> None:
    for indicator, row in now.items():
        if indicator not in wanted:
            row.delete()
        elif (row.position, row.in_report) != wanted[indicator]:
            row.position, row.in_report = wanted[indicator]
            row.save(update_fields=["position", "in_report"])
    ProjectIndicator.objects.bulk_create(
        ProjectIndicator(project=project, indicator_id=indicator, position=position, in_report=in_report)
        for indicator, (position, in_report) in wanted.items()
        if indicator not in now
    )


def _values(pack: Pack) -> dict[Key, Wanted]:
    indicators = {row.key: row for row in Indicator.everything.all()}
    projects = {project.slug: project for project in pack.projects}
    wanted: dict[Key, Wanted] = {}
    for result, row in _rows(pack):
        source = source_of(result, projects.get(result.project or ""), row.lines)
        if row.source is not None:
            source = row.source.model_dump(mode="json")
        newest = max(row.values, default=None)
        cells: list[tuple[int | None, PrintedCell]] = list(row.values.items())
        if row.undated is not None:
            cells.append((None, row.undated))
        for year, cell in cells:
            note = row.note if year == newest else ""
            period = row.period if year is None else ""
            wanted[row.key, year] = Wanted(
                {
                    **values.as_columns(cell_of(cell)),
                    "indicator": indicators[row.key],
                    "fiscal_year": year,
                    "period": period,
                    "note": note,
                    "source": source,
                },
                digest("value", cell, note, period, str(source)),
            )
    return wanted


def _entries(pack: Pack, *, at: datetime, by: Actor) -> Entries[IndicatorValue, Key]:
    years: dict[str, set[int]] = defaultdict(set)
    printed = ProjectIndicator.objects.filter(in_report=True)
    places = printed.values_list("indicator__key", "project__fiscal_year")
    for key, year in places:
        years[key].add(year)
    held = holding.held_years()

    def before_change(row: IndicatorValue, columns: Mapping[str, Any]) -> None:
        ValueChange.objects.create(
            value=row,
            version=row.version + 1,
            before=values.printed(row),
            after={name: columns[name] for name in values.PRINTED},
            reason=_REASON,
            actor_id=by.id,
            actor_label=by.label,
            changed_at=at,
        )

    rows = IndicatorValue.objects.select_related("indicator")
    return Entries(
        model=IndicatorValue,
        kind="value",
        there={(row.indicator.key, row.fiscal_year): row for row in rows},
        called=lambda key: f"{key[0]}（{key[1] or '年度なし'}）",
        is_held=lambda key: holding.is_held(key[1], years[key[0]], held),
        before_change=before_change,
    )
