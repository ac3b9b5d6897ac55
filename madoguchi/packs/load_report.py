"""The report of a year and the region's own chapters: the ordinance, the council, free ones."""

from collections.abc import Iterator

from madoguchi.institutions.models import Unit
from madoguchi.japan import areas
from madoguchi.packs.pack import Pack
from madoguchi.packs.schema_results import Block, Chapter, Council, Ordinance, Report
from madoguchi.packs.sync import Changes, Wanted, digest, drop, sync
from madoguchi.results.models import RegionChapter, ReportYear
from madoguchi.results.states import YearState


def load(pack: Pack, changes: Changes) -> None:
    """Write the report's year, while it is open, and the chapters."""
    report = pack.report
    if report is None:
        return
    _year(pack, report, changes)
    sync(RegionChapter, "chapter", _wanted(report), changes, key="code")


def drop_missing(pack: Pack, changes: Changes) -> None:
    """Remove the chapters that the pack no longer has, and leave those made at the desk."""
    stay = set(_wanted(pack.report)) if pack.report else set()
    stay |= set(RegionChapter.objects.filter(content_hash="").values_list("code", flat=True))
    drop(RegionChapter, "chapter", stay, changes, key="code")


def _year(pack: Pack, report: Report, changes: Changes) -> None:
    region = pack.region
    home = areas.get(region.prefecture).name if region else ""
    units = {row.slug: row for row in Unit.objects.all()}
    columns = {
        "title": report.title,
        "article": report.article,
        "publisher": report.publisher or home,
        "secretariat": units[report.secretariat] if report.secretariat else None,
        "deadline_on": report.deadline,
        "reminders": report.reminders,
        "first_chapter": report.number_of_first_chapter,
    }
    row, is_new = ReportYear.objects.get_or_create(fiscal_year=report.fiscal_year, defaults=columns)
    name = str(report.fiscal_year)
    if is_new:
        changes.note(changes.added, "report_year", name)
    elif any(getattr(row, column) != value for column, value in columns.items()):
        still_open = ReportYear.objects.filter(pk=row.pk, state=YearState.OPEN)
        what = changes.changed if still_open.update(**columns) else changes.kept
        changes.note(what, "report_year", name)


def _wanted(report: Report) -> dict[str, Wanted]:
    return {
        chapter.code: Wanted(
            {
                **chapter.model_dump(include={"fiscal_year", "place", "title", "table"}),
                "position": position,
                "blocks": [block.model_dump() for block in chapter.blocks],
                "source": chapter.source.model_dump(mode="json") if chapter.source else {},
            },
            digest("chapter", chapter, str(position)),
        )
        for position, chapter in enumerate(_chapters(report))
    }


def _chapters(report: Report) -> Iterator[Chapter]:
    yield from report.chapters
    if report.ordinance:
        yield _ordinance(report.ordinance)
    if report.council:
        yield from _council(report.council)


def _ordinance(ordinance: Ordinance) -> Chapter:
    blocks = [_whose_gist(ordinance.title)]
    if ordinance.preamble:
        blocks.append(_block("前文", ordinance.preamble.gist))
    blocks += [_block(f"{row.article}（{row.title}）", row.gist) for row in ordinance.articles]
    blocks += [_block("附則", row.gist) for row in ordinance.supplementary_provisions]
    return Chapter(
        code="ordinance", place="after", title="条例の要旨", blocks=blocks, source=ordinance.source
    )


def _council(council: Council) -> Iterator[Chapter]:
    blocks = [_block(f"{row.article}（{row.title}）", row.gist) for row in council.rules]
    if council.revisions:
        blocks.append(_block("施行と改正の日", "、".join(row.printed for row in council.revisions)))
    if blocks:
        blocks.insert(0, _whose_gist(council.rules_title or council.name))
        yield Chapter(
            code="council",
            place="after",
            title="庁内連絡会議の決まりの要旨",
            blocks=blocks,
            source=council.source,
        )
    if council.members:
        yield Chapter(
            code="council-members",
            place="after",
            title=f"{council.name}の構成",
            blocks=_observers(council),
            table=[["部局", "課"], *([row.department, row.unit] for row in council.members)],
            source=council.members_source or council.source,
        )


def _whose_gist(title: str) -> Block:
    """What is no text of a law must not look like one."""
    return _block(
        "",
        f"「{title}」に書かれていることを、この地域のデータ（地域パック）を作った人が短くまとめたものです。"
        "正式な文ではありません。",
    )


def _observers(council: Council) -> list[Block]:
    if council.observers is None:
        return []
    named = [f"{row.organisation} {row.unit}".strip() for row in council.observers.units]
    return [_block("オブザーバー", "、".join(filter(None, [council.observers.gist, *named])))]


def _block(heading: str, text: str) -> Block:
    return Block(heading=heading, text=text)
