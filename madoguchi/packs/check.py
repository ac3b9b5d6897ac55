"""What a schema cannot see: every reference resolves, every code is known, every name is unique."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from madoguchi.foundation.yaml_reader import Position, Problem
from madoguchi.japan import areas, industries
from madoguchi.packs import check_consultations, check_demo, check_results, check_rules, limits, schema, theme
from madoguchi.packs.pack import Pack, read_pack
from madoguchi.packs.values import Contact, Source

Finding = tuple[BaseModel, Position, str]


def check(directory: Path) -> Pack:
    """Read a pack and note everything wrong with it, by file and line, all at once."""
    pack = read_pack(directory)
    # References are only worth checking once every file reads: otherwise each missing file echoes everywhere.
    if not pack.problems:
        for record, path, message in _findings(pack):
            pack.problem(record, path, message)
    pack.problems = sorted(set[Problem](pack.problems))
    return pack


def _findings(pack: Pack) -> Iterator[Finding]:
    known = _known_in(pack)
    yield from limits.too_long(pack)
    yield from _repeated(pack)
    yield from _words(pack)
    yield from _region(pack, known)
    yield from _institutions(pack, known)
    yield from _desks(pack, known)
    yield from _programmes(pack, known)
    yield from _projects(pack, known)
    yield from _policies(pack, known)
    yield from _events(pack, known)
    yield from _consultations(pack, known)
    yield from check_demo.findings(pack)
    yield from check_results.findings(pack, known.sections)
    yield from check_rules.findings(pack, known.sections)
    for listing in pack.listings:
        yield from _sources(listing, [listing.source], ("source",), known)
    for group in (pack.organisations, pack.units, pack.desks, pack.projects, pack.events, pack.oddities):
        for record in group:
            yield from _sources(record, record.sources, ("sources",), known)


@dataclass(frozen=True)
class Known:
    """Every name that may be referred to, for looking references up."""

    organisations: Set[str]
    units: Set[str]
    desks: Set[str]
    programmes: Set[str]
    sections: Set[tuple[str, str]]
    groupings: Set[str]
    words: Mapping[str, Set[str]]
    projects: Set[str] = frozenset()
    policies: Set[str] = frozenset()


def _known_in(pack: Pack) -> Known:
    words = pack.vocabulary
    return Known(
        organisations={item.slug for item in pack.organisations},
        units={item.slug for item in pack.units},
        desks={item.slug for item in pack.desks},
        programmes={item.slug for item in pack.programmes},
        projects={item.slug for item in pack.projects},
        policies={item.code for item in pack.policies.policies} if pack.policies else set(),
        sections={(file.file, item.section) for file in pack.sources for item in file.sections},
        groupings={item.code for item in pack.region.groupings} if pack.region else set(),
        words={
            name: {term.code for term in getattr(words, name)} if words else set()
            for name in schema.Vocabulary.model_fields
        },
    )


def _unknown(
    record: BaseModel, path: Position, values: Iterable[str | None], known: Set[str], what: str
) -> Iterator[Finding]:
    for index, value in enumerate(values):
        if value is not None and value not in known:
            yield record, (*path, index), f"{what}「{value}」は、このパックにありません"


def _one(
    record: BaseModel, path: Position, value: str | None, known: Set[str], what: str
) -> Iterator[Finding]:
    if value is not None and value not in known:
        yield record, path, f"{what}「{value}」は、このパックにありません"


def _repeated(pack: Pack) -> Iterator[Finding]:
    for what, records in (
        ("機関", pack.organisations),
        ("部署", pack.units),
        ("窓口", pack.desks),
        ("制度", pack.programmes),
        ("事業", pack.projects),
        ("催し", pack.events),
        ("食い違い", pack.oddities),
    ):
        yield from _twice(pack, ((row, ("slug",), row.slug) for row in records), what)
    yield from _twice(pack, ((row, ("file",), row.file) for row in pack.sources), "資料")
    listings = ((row, ("code",), f"{row.code}（{row.fiscal_year}年度）") for row in pack.listings)
    yield from _twice(pack, listings, "一覧")
    successions = ((row, (), f"{row.predecessor}→{row.successor}") for row in pack.successions)
    yield from _twice(pack, successions, "引継ぎ")
    for programme in pack.programmes:
        if pack.file_of(programme) != f"programmes/{programme.slug}.yaml":
            yield programme, ("slug",), "ファイルの名前を slug と同じにしてください"
        related = ((programme, ("related", i), row.programme) for i, row in enumerate(programme.related))
        yield from _twice(pack, related, "関連する制度")


def _words(pack: Pack) -> Iterator[Finding]:
    """Codes that are written twice where the file lists them itself."""
    if pack.vocabulary:
        for name in schema.Vocabulary.model_fields:
            terms = enumerate(getattr(pack.vocabulary, name))
            yield from _twice(pack, ((pack.vocabulary, (name, i), term.code) for i, term in terms), "ことば")
    if pack.policies:
        policies = enumerate(pack.policies.policies)
        yield from _twice(
            pack, ((pack.policies, ("policies", i), row.code) for i, row in policies), "基本方針"
        )
    for file in pack.sources:
        sections = enumerate(file.sections)
        yield from _twice(pack, ((file, ("sections", i), row.section) for i, row in sections), "節")


def _twice(pack: Pack, named: Iterable[tuple[BaseModel, Position, str]], what: str) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for record, path, name in named:
        if name in first:
            yield record, path, f"{what}「{name}」は {first[name]} にもあります"
        first.setdefault(name, pack.file_of(record))


def _circles(records: Iterable[schema.Organisation | schema.Unit | schema.Desk]) -> Iterator[Finding]:
    """Records that stand above themselves."""
    rows = list(records)
    parents = {row.slug: row.parent for row in rows}
    for row in rows:
        above, seen = row.parent, {row.slug}
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == row.slug:
            yield row, ("parent",), "上をたどると、自分に戻ります"


def _breaks(record: BaseModel, name: str, breaks: str) -> Iterator[Finding]:
    if breaks and breaks.replace("|", "") != name:
        yield record, ("breaks",), "| を除くと name と同じになるように書いてください"


def _region(pack: Pack, known: Known) -> Iterator[Finding]:
    region = pack.region
    if not region:
        return
    yield from _one(region, ("general_desk", "desk"), region.general_desk.desk, known.desks, "窓口")
    home = {area.code for area in areas.prefectures()} & {region.prefecture}
    if not home:
        yield region, ("prefecture",), f"都道府県のコードではありません（{region.prefecture}）"
        return
    there = {area.code for area in areas.municipalities(region.prefecture)}
    groupings = enumerate(region.groupings)
    yield from _twice(pack, ((region, ("groupings", i), row.code) for i, row in groupings), "圏域")
    for index, grouping in enumerate(region.groupings):
        if grouping.code.isdigit():
            yield region, ("groupings", index, "code"), "圏域のコードは英字で書いてください"
        for code in grouping.members:
            if code not in there:
                yield region, ("groupings", index, "members"), f"市町村「{code}」は、この県にありません"
    yield from _theme(pack, region)


def _theme(pack: Pack, region: schema.Region) -> Iterator[Finding]:
    for path in sorted((pack.directory / "theme").glob("*.*")):
        name = f"theme/{path.name}"
        if path.suffix not in (".css", ".svg") or len(path.name) > 60:
            yield region, (), f"{name}: 60字までの名前の .css か .svg だけを置けます"
            continue
        try:
            found = list(theme.findings(path))
        except (OSError, UnicodeDecodeError):
            found = ["UTF-8 の文字として読めません"]
        yield from ((region, (), f"{name}: {sentence}") for sentence in found)


def _institutions(pack: Pack, known: Known) -> Iterator[Finding]:
    yield from _circles(pack.organisations)
    yield from _circles(pack.units)
    yield from _circles(pack.desks)
    for organisation in pack.organisations:
        yield from _breaks(organisation, organisation.name, organisation.breaks)
        yield from _one(organisation, ("parent",), organisation.parent, known.organisations, "機関")
        yield from _areas(organisation, ("area",), [organisation.area], known)
    for unit in pack.units:
        yield from _one(unit, ("organisation",), unit.organisation, known.organisations, "機関")
        yield from _one(unit, ("parent",), unit.parent, known.units, "部署")
    for row in pack.successions:
        yield from _one(row, ("predecessor",), row.predecessor, known.units, "部署")
        yield from _one(row, ("successor",), row.successor, known.units, "部署")


def _desks(pack: Pack, known: Known) -> Iterator[Finding]:
    for desk in pack.desks:
        yield from _breaks(desk, desk.name, desk.breaks)
        yield from _one(desk, ("organisation",), desk.organisation, known.organisations, "機関")
        yield from _one(desk, ("unit",), desk.unit, known.units, "部署")
        yield from _one(desk, ("parent",), desk.parent, known.desks, "窓口")
        yield from _unknown(desk, ("purposes",), desk.purposes, known.words["purposes"], "目的")
        yield from _areas(desk, ("covers",), desk.covers, known)
        yield from _areas(desk, ("place", "area"), [desk.place.area if desk.place else None], known)
        yield from _industries(desk, ("industries",), desk.industries)
        yield from _contacts(desk, ("contacts",), desk.contacts, known)


def _programmes(pack: Pack, known: Known) -> Iterator[Finding]:
    for programme in pack.programmes:
        yield from _breaks(programme, programme.name, programme.breaks)
        yield from _unknown(programme, ("predecessors",), programme.predecessors, known.programmes, "制度")
        related = [row.programme for row in programme.related]
        yield from _unknown(programme, ("related",), related, known.programmes, "制度")
        yield from _unknown(programme, ("desks",), programme.desks, known.desks, "窓口")
        for index, edition in enumerate(programme.editions):
            yield from edition_findings(programme, ("editions", index), edition, known)


def edition_findings(
    programme: BaseModel, at: Position, edition: schema.Edition, known: Known
) -> Iterator[Finding]:
    """What an edition refers to that is not known; `programme` and `at` say where it stands."""
    for name, values, vocabulary, what in (
        ("kinds", edition.kinds, known.words["kinds"], "種類"),
        ("purposes", edition.purposes, known.words["purposes"], "目的"),
        ("stages", edition.stages, known.words["stages"], "ステージ"),
        ("uses", edition.uses, known.words["uses"], "利用目的"),
        ("audiences", edition.audiences, known.words["audiences"], "対象者"),
    ):
        yield from _unknown(programme, (*at, name), values, vocabulary, what)
    yield from _areas(programme, (*at, "areas"), edition.areas, known)
    yield from _industries(programme, (*at, "industries"), edition.industries)
    yield from _contacts(programme, (*at, "contacts"), edition.contacts, known)
    yield from _sources(programme, edition.sources, (*at, "sources"), known)
    by = edition.written_by.organisation if edition.written_by else None
    yield from _one(programme, (*at, "written_by"), by, known.organisations, "機関")
    holders = known.organisations | known.units
    for role in ("owner", "operator", "decider", "payer"):
        yield from _one(programme, (*at, "roles", role), getattr(edition.roles, role), holders, "機関・部署")
    for name in ("requirements", "benefits", "notes", "results"):
        for index, point in enumerate(getattr(edition, name)):
            if point.source:
                yield from _sources(programme, [point.source], (*at, name, index, "source"), known)


def _projects(pack: Pack, known: Known) -> Iterator[Finding]:
    for project in pack.projects:
        yield from _breaks(project, project.name, project.breaks)
        yield from _unknown(project, ("units",), project.units, known.units, "部署")
        yield from _unknown(project, ("purposes",), project.purposes, known.words["purposes"], "目的")
        yield from _unknown(project, ("programmes",), project.programmes, known.programmes, "制度")
        yield from _areas(project, ("areas",), project.areas, known)
        yield from _industries(project, ("industries",), project.industries)
    for listing in pack.listings:
        yield from _unknown(listing, ("policies",), listing.policies, known.policies, "基本方針")
        yield from _listing_rows(listing, known)


def _listing_rows(listing: schema.Listing, known: Known) -> Iterator[Finding]:
    for index, row in enumerate(listing.rows):
        yield from _one(listing, ("rows", index, "project"), row.project, known.projects, "事業")
        if row.no != index + 1:
            yield listing, ("rows", index, "no"), f"番号は {index + 1} になるはずです"
        if row.policies is not None and not set(row.policies) <= set(listing.policies):
            yield listing, ("rows", index, "policies"), "この一覧の基本方針から選んでください"
    stated = listing.stated_subtotal_thousand_yen
    total = sum(row.printed_cost_thousand_yen for row in listing.rows)
    if stated is not None and stated != total:
        yield listing, ("stated_subtotal_thousand_yen",), f"小計 {stated:,} と行の合計 {total:,} が合いません"


def _policies(pack: Pack, known: Known) -> Iterator[Finding]:
    if pack.policies:
        for index, policy in enumerate(pack.policies.policies):
            yield from _sources(pack.policies, [policy.source], ("policies", index, "source"), known)


def _events(pack: Pack, known: Known) -> Iterator[Finding]:
    for event in pack.events:
        yield from _breaks(event, event.name, event.breaks)
        yield from _one(event, ("kind",), event.kind, known.words["event_kinds"], "催しの種類")
        yield from _one(event, ("organiser",), event.organiser, known.organisations, "機関")
        yield from _one(event, ("unit",), event.unit, known.units, "部署")
        yield from _one(event, ("programme",), event.programme, known.programmes, "制度")
        yield from _unknown(event, ("purposes",), event.purposes, known.words["purposes"], "目的")
        yield from _areas(event, ("areas",), event.areas, known)
        yield from _industries(event, ("industries",), event.industries)
        for key, place in event.places.items():
            yield from _areas(event, ("places", key, "area"), [place.area], known)
        yield from _contacts(event, ("contacts",), event.contacts, known)


def _consultations(pack: Pack, known: Known) -> Iterator[Finding]:
    record = pack.consultations
    if record is None:
        return
    yield from check_consultations.findings(pack)
    for index, topic in enumerate(record.topics):
        at: Position = ("topics", index)
        yield from _unknown(record, (*at, "purposes"), topic.purposes, known.words["purposes"], "目的")
        yield from _sources(record, topic.sources, (*at, "sources"), known)
        if topic.secret and topic.secret.source:
            yield from _sources(record, [topic.secret.source], (*at, "secret", "source"), known)
    for index, rule in enumerate(record.rules):
        yield from _areas(record, ("rules", index, "when", "areas"), rule.when.areas, known)
        yield from _industries(record, ("rules", index, "when", "industries"), rule.when.industries)


def _areas(record: BaseModel, path: Position, codes: Iterable[str | None], known: Known) -> Iterator[Finding]:
    for code in codes:
        if code is None:
            continue
        if code.isdigit():
            yield from _checked(record, path, areas.get, code)
        elif code not in known.groupings:
            yield record, path, f"地域「{code}」は、このパックの圏域にありません"


def _industries(record: BaseModel, path: Position, codes: Iterable[str]) -> Iterator[Finding]:
    for index, code in enumerate(codes):
        yield from _checked(record, (*path, index), industries.get, code)


def _checked(
    record: BaseModel, path: Position, look_up: Callable[[str], object], code: str
) -> Iterator[Finding]:
    try:
        look_up(code)
    except ValueError as error:
        yield record, path, str(error)


def _contacts(record: BaseModel, at: Position, contacts: list[Contact], known: Known) -> Iterator[Finding]:
    for index, contact in enumerate(contacts):
        yield from _one(record, (*at, index, "unit"), contact.unit, known.units, "部署")
        yield from _one(record, (*at, index, "desk"), contact.desk, known.desks, "窓口")
        organisation = contact.organisation
        yield from _one(record, (*at, index, "organisation"), organisation, known.organisations, "機関")
        if not (contact.unit or contact.desk or contact.organisation or contact.label):
            yield record, (*at, index), "だれの連絡先かを書いてください（unit・desk・organisation・label）"


def _sources(record: BaseModel, sources: list[Source], at: Position, known: Known) -> Iterator[Finding]:
    for index, source in enumerate(sources):
        if (source.file, source.section) not in known.sections:
            yield record, (*at, index), f"出典 {source.file} の「{source.section}」が sources にありません"
