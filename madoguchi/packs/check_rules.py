"""Checking the rules of a pack: each reads, fits its edition, and its examples come out as expected."""

from collections.abc import Iterator, Set

from pydantic import BaseModel

from madoguchi.eligibility.dictionary import core_definitions
from madoguchi.eligibility.grants import GrantTerms, terms_of
from madoguchi.eligibility.rules.conditions import Node
from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.facts import Dictionary, FactType
from madoguchi.eligibility.rules.parse import Definitions, Parser
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import verdict_of
from madoguchi.eligibility.rulesets import NO_FRAME, FrameKey, frame_label, grant_terms_of, rules_of
from madoguchi.foundation.yaml_reader import Position
from madoguchi.packs import check_facts, schema, schema_rules
from madoguchi.packs.pack import Pack
from madoguchi.packs.rule_documents import definitions_of, dictionary_of, document_of

Finding = tuple[BaseModel, Position, str]
Sections = Set[tuple[str, str]]


def findings(pack: Pack, sections: Sections) -> Iterator[Finding]:
    """Everything wrong with the facts, definitions and rules of a pack."""
    yield from check_facts.findings(pack)
    try:
        dictionary = dictionary_of(pack)
    except ValueError:
        # A fact or a 圏域 that has been named already: without the dictionary no rule can be read.
        return
    definitions = definitions_of(pack)
    yield from _definitions(pack, dictionary, definitions, sections)
    editions = {
        (programme.slug, edition.fiscal_year): edition
        for programme in pack.programmes
        for edition in programme.editions
    }
    for rules in pack.rules:
        if pack.file_of(rules) != f"rules/{rules.programme}.yaml":
            yield rules, ("programme",), "ファイルの名前を programme と同じにしてください"
        years = [edition.fiscal_year for edition in rules.editions]
        if len(set(years)) != len(years):
            yield rules, ("editions",), "同じ年度の版が二つあります"
        for index, rule in enumerate(rules.editions):
            edition = editions.get((rules.programme, rule.fiscal_year))
            at: Position = ("editions", index)
            if edition is None:
                yield rules, at, f"制度「{rules.programme}」に {rule.fiscal_year} 年度の版はありません"
                continue
            checked = _Edition(edition, rule, Parser(dictionary, definitions, sections), at)
            yield from ((rules, path, sentence) for path, sentence in checked.problems())


def _definitions(
    pack: Pack, dictionary: Dictionary, definitions: Definitions, sections: Sections
) -> Iterator[Finding]:
    seen = set(core_definitions())
    for definition in pack.definitions:
        key = (definition.name, definition.version)
        if key in seen:
            yield definition, ("name",), f"定義「{key[0]}」の版「{key[1]}」は、すでにあります"
        seen.add(key)
        parser = Parser(dictionary, definitions, sections)
        parser.rule(definition.rule, at=("rule",))
        yield from ((definition, path, sentence) for path, sentence in parser.problems)


class _Edition:
    """One edition with its rule, for checking."""

    def __init__(
        self, edition: schema.Edition, rule: schema_rules.RuleEdition, parser: Parser, at: Position
    ) -> None:
        self._edition = edition
        self._rule = rule
        self._parser = parser
        self._at = at
        self._frames: dict[FrameKey, schema.Frame] = {
            (frame.name, frame.variant): frame for frame in edition.frames
        }

    def problems(self) -> Iterator[tuple[Position, str]]:
        """The path and the sentence of each."""
        nodes = rules_of(document_of(self._rule), tuple(self._frames), self._parser, at=self._at)
        wrong = [*self._parser.problems, *self._grants(nodes)]
        if wrong:
            yield from wrong
            return
        for index, example in enumerate(self._rule.examples):
            where = (*self._at, "examples", index)
            for path, sentence in self._example(example, nodes):
                yield (*where, *path), f"例「{example.title}」: {sentence}"

    def _grants(self, nodes: dict[FrameKey, Node]) -> Iterator[tuple[Position, str]]:
        """Terms that cannot be, or that count what nobody is asked."""
        yield from self._added((*self._at, "grant"), self._rule.grant)
        for index, row in enumerate(self._rule.frames):
            yield from self._added((*self._at, "frames", index, "grant"), row.grant)
        for key in nodes:
            try:
                self._terms(key)
            except ValueError as error:
                frame = f"枠「{frame_label(key)}」: " if key != NO_FRAME else ""
                yield (*self._at, "grant"), f"{frame}{error}"

    def _added(self, at: Position, grant: schema_rules.GrantTerms | None) -> Iterator[tuple[Position, str]]:
        if grant and grant.per:
            fact = self._parser.dictionary.get(grant.per.fact)
            if fact is None or fact.type is not FactType.COUNT:
                yield (*at, "per", "fact"), f"数を答える項目「{grant.per.fact}」はありません"
        source = grant.round.source if grant and grant.round else None
        if source and not self._parser.has_section(source.file, source.section):
            sentence = f"出典 {source.file} の「{source.section}」が sources にありません"
            yield (*at, "round", "source"), sentence

    def _terms(self, key: FrameKey) -> GrantTerms | None:
        frame = self._frames.get(key)
        return terms_of(frame.model_dump() if frame else None, grant_terms_of(document_of(self._rule), key))

    def _example(
        self, example: schema_rules.Example, nodes: dict[FrameKey, Node]
    ) -> Iterator[tuple[Position, str]]:
        key = self._frame_of(example, nodes)
        if key is None:
            names = "、".join(dict.fromkeys(name for name, _ in nodes if name))
            yield ("frame",), f"どの枠の例かを、frame と variant で書いてください（{names}）"
            return
        told = read_profile(example.facts, self._parser.dictionary)
        for trouble in told.troubles:
            yield ("facts", trouble.fact), trouble.message
        verdict = verdict_of(evaluate(nodes[key], told.facts, on=example.on).status)
        if verdict != example.verdict:
            yield ("verdict",), f"{example.verdict} のはずが、{verdict} になりました"
        if example.grant_yen is None:
            return
        terms = self._terms(key)
        granted = terms.grant(told.facts).grant_yen if terms else None
        if granted != example.grant_yen:
            got = "決まらない額" if granted is None else f"{granted:,}円"
            yield ("grant_yen",), f"{example.grant_yen:,}円のはずが、{got}になりました"

    def _frame_of(self, example: schema_rules.Example, nodes: dict[FrameKey, Node]) -> FrameKey | None:
        """The frame an example speaks of; without a name, any when all frames share one rule."""
        if example.frame:
            key = (example.frame, example.variant)
            return key if key in nodes else None
        if NO_FRAME in nodes:
            return NO_FRAME
        return next(iter(nodes)) if len(set(nodes.values())) == 1 else None
