"""Which record says what each section of the source documents says, and which sections nobody took up yet."""

from collections.abc import Iterator, Mapping

from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.packs import schema, schema_rules
from madoguchi.packs.pack import Pack
from madoguchi.packs.values import Source

Section = tuple[str, str]

_BECOMES = {"record": "記録", "reference": "参照", "narrative": "説明文"}


def records_of(pack: Pack) -> dict[Section, list[str]]:
    """For each section of each source document the records that name it, as folder/slug, in order."""
    found: dict[Section, set[str]] = {
        (file.file, section.section): set() for file in pack.sources for section in file.sections
    }
    for name, source in _named(pack):
        found.setdefault((source.file, source.section), set()).add(name)
    return {section: sorted(names) for section, names in found.items()}


def missing(pack: Pack) -> list[Section]:
    """Sections that should become a record and that no record names."""
    named = records_of(pack)
    return [
        (file.file, section.section)
        for file in pack.sources
        for section in file.sections
        if section.becomes == "record" and not named[file.file, section.section]
    ]


def as_markdown(pack: Pack) -> str:
    """The coverage of every source document as a page."""
    named, gaps = records_of(pack), missing(pack)
    total = sum(len(file.sections) for file in pack.sources)
    lines = [
        f"# 資料と記録の対応（{pack.region.key if pack.region else pack.directory.name}）",
        "",
        "`madoguchi pack coverage` が書いたものです。手で直さず、地域パックを直してください。",
        "",
        f"- 資料 {len(pack.sources)}、節 {total:,}、節を出典にあげた記録 {len(_all(named)):,}",
        f"- 記録になるはずで、まだどの記録にもない節: {len(gaps):,}",
        *(f"  - {file} の「{section}」" for file, section in gaps),
    ]
    for file in sorted(pack.sources, key=lambda source: source.file):
        lines += ["", f"## {file.file}　{file.title}", "", *_about(file), ""]
        lines += ["| 節 | 行 | 見出し | 扱い | 記録 |", "|---|---|---|---|---|"]
        lines += [_row(section, named[file.file, section.section]) for section in file.sections]
    return "\n".join([*lines, ""])


def without_rule(pack: Pack) -> list[tuple[str, int]]:
    """The editions of which no file says who may use them, nor that the document is silent."""
    rules = {(file.programme, row.fiscal_year) for file in pack.rules for row in file.editions}
    editions = (
        (programme.slug, row.fiscal_year) for programme in pack.programmes for row in programme.editions
    )
    return [edition for edition in editions if edition not in rules]


def rules_as_markdown(pack: Pack) -> str:
    """For each edition whether it has a rule, with its examples, as a page."""
    rules = {(file.programme, row.fiscal_year): row for file in pack.rules for row in file.editions}
    editions = [(programme, edition) for programme in pack.programmes for edition in programme.editions]
    rows = [
        _rule_row(programme, edition, rules.get((programme.slug, edition.fiscal_year)))
        for programme, edition in sorted(editions, key=lambda pair: (pair[0].slug, pair[1].fiscal_year))
    ]
    stated = [row for row in rules.values() if not row.no_stated_requirement]
    lines = [
        f"# 制度と条件の対応（{pack.region.key if pack.region else pack.directory.name}）",
        "",
        "`madoguchi pack coverage` が書いたものです。手で直さず、地域パックを直してください。",
        "",
        f"- 年度版 {len(editions):,}、条件のあるもの {len(stated):,}、"
        f"資料に条件の記載がないもの {len(rules) - len(stated):,}、まだのもの {len(editions) - len(rules):,}",
        f"- 例 {sum(len(row.examples) for row in rules.values()):,}（`madoguchi pack check` が確かめます）",
        "",
        "| 制度 | 年度 | 条件 | 枠ごとの条件 | 金額（枠: 割合、上限） | 例 |",
        "|---|---|---|---|---|---|",
        *rows,
    ]
    return "\n".join([*lines, ""])


def _rule_row(
    programme: schema.Programme, edition: schema.Edition, rule: schema_rules.RuleEdition | None
) -> str:
    states = {None: "**まだ**", True: "記載なし", False: "あり"}
    state = states[rule.no_stated_requirement if rule else None]
    own = "、".join(_frame_name(row.frame, row.variant) for row in rule.frames if row.rule) if rule else ""
    amounts = "、".join(filter(None, (_amount(frame) for frame in edition.frames)))
    examples = str(len(rule.examples)) if rule and rule.examples else "—"
    name = f"{programme.name}（`{programme.slug}`）"
    cells = (name, FiscalYear(edition.fiscal_year).label, state, own or "—", amounts or "—", examples)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _frame_name(name: str, variant: str) -> str:
    return f"{name}・{variant}" if variant else name


def _amount(frame: schema.Frame) -> str:
    parts = [frame.rate] if frame.rate else []
    if frame.rate_range:
        parts.append(f"{frame.rate_range.low}〜{frame.rate_range.high}")
    if frame.cap_yen is not None:
        low = f"{frame.cap_low_yen:,}〜" if frame.cap_low_yen is not None else ""
        parts.append(f"{low}{frame.cap_yen:,}円まで")
    if frame.amount_yen is not None:
        parts.append(f"{frame.amount_yen:,}円")
    return f"{_frame_name(frame.name, frame.variant)}: {'、'.join(parts)}" if parts else ""


def oddities_as_markdown(pack: Pack) -> str:
    """Every contradiction of the documents that the pack keeps, as a page."""
    lines = [
        f"# 資料の食い違い（{pack.region.key if pack.region else pack.directory.name}）",
        "",
        "`madoguchi pack coverage` が書いたものです。合わないところを、直さずに残します。",
        "",
        f"{len(pack.oddities):,} 件",
    ]
    for oddity in sorted(pack.oddities, key=lambda row: row.slug):
        lines += ["", f"## {oddity.title}", "", oddity.what, "", f"**載せ方**: {oddity.kept}", ""]
        if oddity.records:
            lines.append("- 記録: " + "、".join(f"`{name}`" for name in oddity.records))
        lines += [f"- 出典: {_cited(source)}" for source in oddity.sources]
    return "\n".join([*lines, ""])


def _named(pack: Pack) -> Iterator[tuple[str, Source]]:
    groups: Mapping[str, list[schema.Organisation] | list[schema.Unit] | list[schema.Desk]] = {
        "organisations": pack.organisations,
        "units": pack.units,
        "desks": pack.desks,
    }
    for folder, records in groups.items():
        for record in records:
            yield from ((f"{folder}/{record.slug}", source) for source in record.sources)
    for programme in pack.programmes:
        for edition in programme.editions:
            yield from ((f"programmes/{programme.slug}", source) for source in _of_edition(edition))
    for project in pack.projects:
        yield from ((f"projects/{project.slug}", source) for source in project.sources)
    yield from _named_by_results(pack)
    for event in pack.events:
        yield from ((f"events/{event.slug}", source) for source in event.sources)
    for topic in pack.consultations.topics if pack.consultations else ():
        sources = [*topic.sources, *([topic.secret.source] if topic.secret and topic.secret.source else [])]
        yield from ((f"topics/{topic.code}", source) for source in sources)
    yield from ((f"listings/{listing.code}", listing.source) for listing in pack.listings)
    yield from (
        (f"policies/{policy.code}", policy.source)
        for policy in (pack.policies.policies if pack.policies else ())
    )


def _named_by_results(pack: Pack) -> Iterator[tuple[str, Source]]:
    for result in pack.results:
        sources = [*([result.source] if result.source else []), *result.sources]
        yield from ((f"results/{result.project or result.programme}", source) for source in sources)
    yield from ((f"introductions/{row.listing}", row.source) for row in pack.introductions)
    yield from ((f"case_studies/{row.slug}", row.source) for row in pack.case_studies)
    if pack.report:
        yield from (("report", source) for source in pack.report.sources)


def _of_edition(edition: schema.Edition) -> Iterator[Source]:
    yield from edition.sources
    for points in (edition.requirements, edition.benefits, edition.notes, edition.results):
        yield from (point.source for point in points if point.source)


def _all(named: Mapping[Section, list[str]]) -> set[str]:
    return {name for names in named.values() for name in names}


def _about(file: schema.SourceFile) -> list[str]:
    year = FiscalYear(file.fiscal_year).label
    return [f"{file.publisher}、{year}。SHA-256 `{file.sha256[:16]}…`"]


def _row(section: schema.SourceSection, records: list[str]) -> str:
    shown = "、".join(f"`{name}`" for name in records) or ("**なし**" if section.becomes == "record" else "—")
    note = f"（{section.note}）" if section.note else ""
    cells = (section.section, str(section.line), section.title, _BECOMES[section.becomes] + note, shown)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _cited(source: Source) -> str:
    note = f"（{source.note}）" if source.note else ""
    return f"{source.file} の「{source.section}」{source.lines} 行{note}"
