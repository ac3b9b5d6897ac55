"""A whole pack in memory: every file read and checked against its schema, with where each record stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from madoguchi.foundation.yaml_reader import Parsed, Position, Problem, read
from madoguchi.packs import schema, schema_consultations, schema_demo, schema_results, schema_rules

Model = TypeVar("Model", bound=BaseModel)

# pydantic's error types in words a pack author can act on; others show pydantic's own sentence.
_SENTENCES = {
    "missing": "この項目が要ります",
    "extra_forbidden": "知らない項目です（つづりを確かめてください）",
    "string_type": "文字で書いてください（数字だけのときは引用符で囲みます）",
    "string_too_short": "空にはできません",
    "too_short": "一つ以上書いてください",
    "int_type": "整数で書いてください",
    "int_parsing": "整数で書いてください",
    "int_parsing_size": "数が大きすぎます",
    "bool_type": "true か false で書いてください",
    "bool_parsing": "true か false で書いてください",
    "greater_than_equal": "{ge} 以上の数を書いてください",
    "less_than_equal": "{le} 以下の数を書いてください",
    "string_pattern_mismatch": "書き方が合いません（{pattern}）",
    "string_too_long": "{max_length} 字までです",
    "literal_error": "{expected} のどれかを書いてください",
    "date_from_datetime_parsing": "日付は 2023-04-20 のように書いてください",
    "date_parsing": "日付は 2023-04-20 のように書いてください",
    "time_parsing": '時刻は "08:30" のように書いてください',
    "datetime_from_date_parsing": "日時は 2023-04-20T17:00 のように書いてください",
    "datetime_parsing": "日時は 2023-04-20T17:00 のように書いてください",
    "list_type": "一覧（- ではじまる行）で書いてください",
    "model_type": "項目と値の組で書いてください",
    "dict_type": "項目と値の組で書いてください",
}


@dataclass
class Pack:
    """The checked content of a pack directory. Incomplete when `problems` is not empty."""

    directory: Path
    problems: list[Problem] = field(default_factory=list)
    region: schema.Region | None = None
    sources: list[schema.SourceFile] = field(default_factory=list)
    vocabulary: schema.Vocabulary | None = None
    thesaurus: list[schema.SynonymGroup] = field(default_factory=list)
    policies: schema.Policies | None = None
    consultations: schema_consultations.Consultations | None = None
    demo: schema_demo.Demo | None = None
    report: schema_results.Report | None = None
    organisations: list[schema.Organisation] = field(default_factory=list)
    units: list[schema.Unit] = field(default_factory=list)
    successions: list[schema.Succession] = field(default_factory=list)
    desks: list[schema.Desk] = field(default_factory=list)
    programmes: list[schema.Programme] = field(default_factory=list)
    projects: list[schema.Project] = field(default_factory=list)
    listings: list[schema.Listing] = field(default_factory=list)
    introductions: list[schema_results.Introduction] = field(default_factory=list)
    results: list[schema_results.Result] = field(default_factory=list)
    case_studies: list[schema_results.CaseStudy] = field(default_factory=list)
    events: list[schema.Event] = field(default_factory=list)
    oddities: list[schema.Oddity] = field(default_factory=list)
    facts: list[schema_rules.Facts] = field(default_factory=list)
    definitions: list[schema_rules.Definition] = field(default_factory=list)
    rules: list[schema_rules.Rules] = field(default_factory=list)
    _places: dict[int, tuple[str, Parsed, Position]] = field(default_factory=dict)

    def problem(self, record: BaseModel, path: Position, message: str) -> None:
        """Note what is wrong with a record at a path inside it, with its file and line."""
        file, parsed, base = self._places[id(record)]
        where = (*base, *path)
        self.problems.append(Problem(file, parsed.line_of(where), _dotted(where), message))

    def records(self) -> Iterator[BaseModel]:
        """Every record of the pack that has a place in a file of its own."""
        alone = (self.region, self.vocabulary, self.policies, self.consultations, self.demo, self.report)
        yield from (single for single in alone if single)
        for group in (self.sources, self.organisations, self.units, self.successions, self.desks):
            yield from group
        for more in (self.programmes, self.projects, self.listings, self.events, self.oddities):
            yield from more
        for about_results in (self.introductions, self.results, self.case_studies):
            yield from about_results
        for about_rules in (self.facts, self.definitions, self.rules):
            yield from about_rules

    def file_of(self, record: BaseModel) -> str:
        """The file a record stands in, relative to the pack."""
        return self._places[id(record)][0]


def read_pack(directory: Path) -> Pack:
    """Read every file of a pack; all problems of form are collected, none stops the others."""
    pack = Pack(directory)
    if not directory.is_dir():
        pack.problems.append(Problem(str(directory), 1, "", "この場所に地域パックがありません"))
        return pack
    pack.region = _one(pack, "region.yaml", schema.Region)
    pack.vocabulary = _one(pack, "vocabulary.yaml", schema.Vocabulary)
    pack.policies = _one(pack, "policies.yaml", schema.Policies, required=False)
    pack.consultations = _one(pack, "consultations.yaml", schema_consultations.Consultations, required=False)
    pack.demo = _one(pack, "demo.yaml", schema_demo.Demo, required=False)
    for sources in _many(pack, "sources/*.yaml", schema.Sources):
        _take(pack, sources, "sources", pack.sources)
    for thesaurus in _many(pack, "thesaurus*.yaml", schema.Thesaurus):
        _take(pack, thesaurus, "groups", pack.thesaurus)
    for institutions in _many(pack, "institutions/*.yaml", schema.Institutions):
        _take(pack, institutions, "organisations", pack.organisations)
        _take(pack, institutions, "units", pack.units)
        _take(pack, institutions, "successions", pack.successions)
    for desks in _many(pack, "desks/*.yaml", schema.Desks):
        _take(pack, desks, "desks", pack.desks)
    pack.programmes.extend(_many(pack, "programmes/*.yaml", schema.Programme))
    for projects in _many(pack, "projects/*.yaml", schema.Projects):
        _take(pack, projects, "projects", pack.projects)
        _take(pack, projects, "listings", pack.listings)
    _read_results(pack)
    for events in _many(pack, "events/*.yaml", schema.Events):
        _take(pack, events, "events", pack.events)
    for oddities in _many(pack, "oddities/*.yaml", schema.Oddities):
        _take(pack, oddities, "oddities", pack.oddities)
    pack.facts.extend(_many(pack, "facts/*.yaml", schema_rules.Facts))
    for definitions in _many(pack, "definitions/*.yaml", schema_rules.Definitions):
        _take(pack, definitions, "definitions", pack.definitions)
    pack.rules.extend(_many(pack, "rules/*.yaml", schema_rules.Rules))
    return pack


def _read_results(pack: Pack) -> None:
    pack.report = _one(pack, "report.yaml", schema_results.Report, required=False)
    for results in _many(pack, "results/*.yaml", schema_results.Results):
        _take(pack, results, "introductions", pack.introductions)
        _take(pack, results, "results", pack.results)
        _take(pack, results, "case_studies", pack.case_studies)


def _take(pack: Pack, holder: BaseModel, name: str, into: list[Model]) -> None:
    file, parsed, base = pack._places[id(holder)]
    for index, record in enumerate(getattr(holder, name)):
        pack._places[id(record)] = (file, parsed, (*base, name, index))
        into.append(record)


def _one(pack: Pack, name: str, model: type[Model], *, required: bool = True) -> Model | None:
    if not (pack.directory / name).is_file():
        if required:
            pack.problems.append(Problem(name, 1, "", "このファイルが要ります"))
        return None
    return _load(pack, pack.directory / name, model)


def _many(pack: Pack, pattern: str, model: type[Model]) -> Iterator[Model]:
    for path in sorted(pack.directory.glob(pattern)):
        record = _load(pack, path, model)
        if record is not None:
            yield record


def _load(pack: Pack, path: Path, model: type[Model]) -> Model | None:
    file = path.relative_to(pack.directory).as_posix()
    parsed = read(path)
    for line, name, message in parsed.problems:
        pack.problems.append(Problem(file, line, name, message))
    if parsed.problems:
        return None
    try:
        record = model.model_validate(parsed.data)
    except ValidationError as error:
        for item in error.errors():
            where = tuple(item["loc"])
            pack.problems.append(
                Problem(file, parsed.line_of(where), _dotted(where), sentence_of(dict(item)))
            )
        return None
    pack._places[id(record)] = (file, parsed, ())
    return record


def sentence_of(item: dict[str, object]) -> str:
    """One of pydantic's errors in words that its author can act on."""
    context = item.get("ctx")
    values = context if isinstance(context, dict) else {}
    if item["type"] == "value_error":
        return str(values.get("error", item["msg"]))
    template = _SENTENCES.get(str(item["type"]))
    return template.format(**values) if template else str(item["msg"])


def _dotted(position: Position) -> str:
    return ".".join(str(part) for part in position)
