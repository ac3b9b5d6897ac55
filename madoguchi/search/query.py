"""What someone typed, read as words to find, words to avoid and places."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from madoguchi.japan.text import fold
from madoguchi.search.analyser import Token, analyse
from madoguchi.search.places import Gazetteer, Mention, Place
from madoguchi.search.text import clean, is_kana, squeeze, to_hiragana
from madoguchi.search.thesaurus import Thesaurus
from madoguchi.search.years import Year, take_year

# Longer questions say the same thing again; a pasted document must not keep a processor busy.
LONGEST = 300
_MOST_CONCEPTS = 24
_LONGEST_KANA = 24
_PARTS_WEIGHT = 0.4
# A document that holds all words of a saying (会社を売りたい) anywhere need not say it.
_SAYING_WEIGHT = 0.5
_WEAK_WEIGHT = 0.3
_LIMITS = {"上限", "下限", "最大", "最高", "以内", "以下", "以上", "円", "程度", "約", "迄"}

_MINUS = "[-－‐−–]"
_QUOTED = re.compile(
    rf"""(?P<not>(?:(?<=\s)|^){_MINUS})?(?:["＂]([^"＂]+)["＂]|「([^」]+)」|『([^』]+)』|“([^”]+)”)"""
)
_AVOIDED = re.compile(rf"""(?:(?<=\s)|^){_MINUS}([^\s\-－‐−–]\S*)""")
_QUOTES = re.compile(r"""["＂「」『』“”]""")
_SENTENCE = re.compile(r"[。?!？！]")

Words = tuple[str, ...]


@dataclass(frozen=True)
class Alternative:
    """One way to satisfy a concept: a document that holds all these words."""

    words: Words
    weight: float
    label: str = ""


@dataclass(frozen=True)
class Concept:
    """One thing that is asked for; `required` ones count towards what a hit must cover.

    `general` are verbs and adjectives without synonyms (減らす, 高い): what is done, not to what.
    """

    label: str
    alternatives: tuple[Alternative, ...]
    required: bool = True
    general: bool = False


@dataclass(frozen=True)
class Run:
    """Words written without a break. The text as a whole satisfies all its concepts.

    Kana has a single concept, to be looked for by its reading, and `spelled`, the runs that the analyser
    makes of it, for when nothing is read like that.
    """

    text: str
    reading: str
    concepts: tuple[Concept, ...]
    spelled: tuple["Run", ...] = ()


@dataclass(frozen=True)
class Avoided:
    """A word or phrase that no hit may hold."""

    text: str
    words: Words


@dataclass(frozen=True)
class Query:
    """A text understood. `narrow` is the place that hits must suit, `near` one that they had better suit.

    `year` is the fiscal year that was asked for.
    """

    runs: tuple[Run, ...] = ()
    phrases: tuple[str, ...] = ()
    avoided: tuple[Avoided, ...] = ()
    question: bool = False
    narrow: Place | None = None
    narrow_text: str = ""
    near: Place | None = None
    year: Year | None = None
    truncated: bool = False
    remainder: str = ""

    @property
    def blank(self) -> bool:
        """Tell whether nothing at all was asked for."""
        return not self.remainder

    @property
    def required(self) -> int:
        """Return how many concepts a hit should cover."""
        return sum(concept.required for run in self.runs for concept in run.concepts)


class Parser:
    """Reads texts with a thesaurus and a list of places."""

    def __init__(self, thesaurus: Thesaurus | None = None, gazetteer: Gazetteer | None = None) -> None:
        self._gazetteer = gazetteer or Gazetteer()
        self._expansions: dict[Words, tuple[Alternative, ...]] = {}
        entries = (thesaurus or Thesaurus()).entries
        for word, expansions in entries.items():
            found = (Alternative(_words(other.word), other.weight, other.word) for other in expansions)
            self._expansions[_words(word)] = tuple(each for each in found if each.words)
        self._longest: dict[str, int] = {}
        for words in self._expansions:
            if words:
                self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def parse(self, text: str) -> Query:
        """Return what a text asks for; never raises, whatever the text."""
        asked = clean(text[:LONGEST])
        phrases, avoided, rest = _take_marked(asked)
        year, rest = take_year(rest)
        tokens = _ease_limits(analyse(rest))
        mentions = [each for each in self._gazetteer.mentions(rest) if _on_borders(each, tokens)]
        narrow = next((each for each in mentions if each.full_name or _stands_alone(each, tokens)), None)
        particles = sum(token.noise and token.surface.isalpha() for token in tokens)
        return _insist(
            _ease(
                Query(
                    runs=tuple(self._runs(tokens, narrow)),
                    phrases=phrases,
                    avoided=avoided,
                    question=particles >= 2 or _SENTENCE.search(rest) is not None,
                    narrow=narrow.place if narrow else None,
                    narrow_text=rest[narrow.begin : narrow.end] if narrow else "",
                    near=next((each.place for each in mentions if each is not narrow), None),
                    year=year,
                    truncated=len(text) > LONGEST,
                    remainder=squeeze(fold(_QUOTES.sub("", asked))),
                )
            )
        )

    def words(self, text: str) -> Words:
        """Return the words of a text, as the index holds them."""
        return _words(text)

    def reread(self, text: str, weight: float) -> tuple[Concept, ...]:
        """Return the concepts of a text that is put in place of another, weighted below it."""
        concepts = [_concept(span, expansions, None) for span, expansions in self._spans(analyse(fold(text)))]
        return tuple(
            replace(
                concept,
                alternatives=tuple(replace(a, weight=a.weight * weight) for a in concept.alternatives),
            )
            for concept in concepts
        )

    def _runs(self, tokens: Sequence[Token], narrow: Mention | None) -> Iterable[Run]:
        budget = _MOST_CONCEPTS
        seen: set[str] = set()
        for chunk in _chunks(tokens):
            run = self._kana_run(chunk, narrow)
            for each in [run] if run else self._plain_runs(chunk, narrow):
                budget -= len(each.concepts)
                if budget < 0:
                    return
                if each.text not in seen:
                    seen.add(each.text)
                    yield each

    def _kana_run(self, chunk: Sequence[Token], narrow: Mention | None) -> Run | None:
        """Return kana as a single concept: the analyser cuts it into particles that nobody meant."""
        text = "".join(token.surface for token in chunk)
        spans = self._spans(chunk)
        whole = len(spans) == 1 and spans[0][1]
        if not is_kana(text) or whole or not 2 <= len(text) <= _LONGEST_KANA:
            return None
        words = tuple(token.text for token in chunk if not token.weak)
        weight = 1.0 if len(chunk) == 1 else 0.5
        concept = Concept(text, (Alternative(words, weight, text),) if words else ())
        if narrow is not None and chunk[0].begin < narrow.end and chunk[-1].end > narrow.begin:
            concept = replace(concept, required=False)
        spelled = tuple(self._plain_runs(chunk, narrow))
        return Run(text, to_hiragana(text), (concept,), spelled)

    def _plain_runs(self, chunk: Sequence[Token], narrow: Mention | None) -> Iterable[Run]:
        tokens: list[Token] = []
        concepts: list[Concept] = []
        for span, expansions in self._spans(chunk):
            # A compound is nouns side by side; a verb between them joins nothing.
            if tokens and not (tokens[-1].end == span[0].begin and tokens[-1].noun and span[0].noun):
                yield _run(chunk, tokens, concepts)
                tokens, concepts = [], []
            tokens.extend(span)
            concepts.append(_concept(span, expansions, narrow))
        if tokens:
            yield _run(chunk, tokens, concepts)

    def _spans(self, tokens: Sequence[Token]) -> list[tuple[list[Token], tuple[Alternative, ...]]]:
        content = [token for token in tokens if not token.noise]
        spans, at = [], 0
        while at < len(content):
            length, expansions = self._expansion(content[at:])
            spans.append((content[at : at + length], expansions))
            at += length
        return spans

    def _expansion(self, tokens: Sequence[Token]) -> tuple[int, tuple[Alternative, ...]]:
        for length in range(min(self._longest.get(tokens[0].text, 0), len(tokens)), 0, -1):
            found = self._expansions.get(tuple(token.text for token in tokens[:length]))
            if found:
                return length, found
        return 1, ()


def _concept(tokens: Sequence[Token], expansions: tuple[Alternative, ...], narrow: Mention | None) -> Concept:
    label = "".join(token.surface for token in tokens)
    place = narrow is not None and tokens[0].begin < narrow.end and tokens[-1].end > narrow.begin
    weak = not expansions and tokens[0].weak
    weight = (
        _WEAK_WEIGHT
        if weak or place
        else _SAYING_WEIGHT
        if len(tokens) > 1 and not all(token.noun for token in tokens)
        else 1.0
    )
    alternatives = [Alternative(tuple(token.text for token in tokens), weight, label)]
    parts = tuple(part.text for part in tokens[0].parts if part.text) if len(tokens) == 1 else ()
    if parts:
        alternatives.append(Alternative(parts, _PARTS_WEIGHT * weight, label))
    general = not expansions and not any(token.noun for token in tokens)
    return Concept(label, (*alternatives, *expansions), not weak and not place, general)


def _run(chunk: Sequence[Token], tokens: Sequence[Token], concepts: Sequence[Concept]) -> Run:
    within = (token for token in chunk if tokens[0].begin <= token.begin <= tokens[-1].begin)
    text = "".join(token.surface for token in within)
    return Run(squeeze(text), "".join(token.reading for token in tokens), tuple(concepts))


def _ease_limits(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with the words around an amount weak (上限300万円): the amount tells."""
    if not any(token.text.isdecimal() for token in tokens):
        return list(tokens)
    return [token._replace(weak=True) if token.text in _LIMITS else token for token in tokens]


def _ease(query: Query) -> Query:
    """Return the query without a claim on its general words when a thing is named as well (残業を減らす)."""
    required = [concept.general for run in query.runs for concept in run.concepts if concept.required]
    if all(required) or not any(required):
        return query
    return replace(
        query, runs=tuple(replace(run, concepts=tuple(map(_eased, run.concepts))) for run in query.runs)
    )


def _eased(concept: Concept) -> Concept:
    if not (concept.general and concept.required):
        return concept
    alternatives = tuple(replace(each, weight=each.weight * _WEAK_WEIGHT) for each in concept.alternatives)
    return replace(concept, alternatives=alternatives, required=False)


def _insist(query: Query) -> Query:
    """Return the query with its weak words required when it has no others ("相談したい", "ください")."""
    if query.required or query.narrow or query.phrases or query.avoided or query.blank:
        return query
    if query.year and not query.runs:
        return query
    if not query.runs:
        return replace(query, phrases=(query.remainder,))
    runs = tuple(
        replace(run, concepts=tuple(replace(concept, required=True) for concept in run.concepts))
        for run in query.runs
    )
    return replace(query, runs=runs)


def _take_marked(asked: str) -> tuple[tuple[str, ...], tuple[Avoided, ...], str]:
    """Return the quoted phrases, what must not occur, and the rest, folded."""
    phrases: list[str] = []
    avoided: list[Avoided] = []

    def quoted(match: re.Match[str]) -> str:
        text = squeeze(_fold(next(group for group in match.groups()[1:] if group is not None)))
        if text and match["not"]:
            avoided.append(Avoided(text, ()))
        elif text:
            phrases.append(text)
        return " "

    def minus(match: re.Match[str]) -> str:
        text = squeeze(_fold(match[1]))
        avoided.append(Avoided(text, _words(text)))
        return " "

    rest = _AVOIDED.sub(minus, _QUOTES.sub(" ", _QUOTED.sub(quoted, asked)))
    return tuple(phrases), tuple(avoided), _fold(rest)


def _fold(text: str) -> str:
    """Return a text folded as if it stood in the middle of one, where ー after kana is no dash."""
    pieces = []
    for piece in text.split():
        folded = fold(piece)
        pieces.append("ー" + folded[1:] if piece[0] in "ーｰ" and folded[:1] == "-" else folded)
    return " ".join(pieces)


def _words(text: str) -> Words:
    return tuple(token.text for token in analyse(fold(clean(text))) if not token.noise)


def _chunks(tokens: Sequence[Token]) -> Iterable[list[Token]]:
    """Cut at spaces and punctuation."""
    chunk: list[Token] = []
    for token in tokens:
        punctuation = token.noise and not token.surface.isalpha()
        if chunk and (punctuation or token.begin != chunk[-1].end):
            yield chunk
            chunk = []
        if not punctuation:
            chunk.append(token)
    if chunk:
        yield chunk


def _on_borders(mention: Mention, tokens: Sequence[Token]) -> bool:
    """Tell whether a place name is words of its own, not a piece of one (三戸 in 三戸建て)."""
    if mention.full_name:
        return True
    begins = {token.begin for token in tokens}
    ends = {token.end for token in tokens}
    return mention.begin in begins and mention.end in ends


def _stands_alone(mention: Mention, tokens: Sequence[Token]) -> bool:
    neighbours = [token for token in tokens if token.end == mention.begin or token.begin == mention.end]
    return all(token.noise for token in neighbours)
