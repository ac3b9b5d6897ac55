"""Which documents a query finds, and how well."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from madoguchi.search.corrections import Vocabulary
from madoguchi.search.query import Alternative, Avoided, Concept, Parser, Query, Run
from madoguchi.search.segments import Array
from madoguchi.search.snapshot import Snapshot
from madoguchi.search.text import grams_of, hash64
from madoguchi.search.weights import STEP, rarity

_EXACT_WEIGHT = 0.5
# What further words for the same thing (採用, 求人, 人材確保) add, together at most the best one again.
_OTHERS_WEIGHT = 0.3
_READING_WEIGHT = 0.9
_CORRECTED_WEIGHT = 0.7
_LONGEST_SLIP = 16
# Of a question's words a hit should hold this share, where any document does.
_QUESTION_SHARE = 0.6
_KEYWORD_SHARE = 0.75
# With fewer hits than this, hits that hold fewer of the words follow them, down to a third of the words.
# Measured on the graded questions: nDCG@10 0.870 → 0.882, recall@20 0.859 → 0.897 (held back: 0.880 → 0.902).
_ENOUGH = 20
_FEWEST_PART = 3
# A list this many times shorter than another is looked up in it by halving.
_FEW = 16

Found = tuple[Array, Array]


@dataclass(frozen=True)
class Correction:
    """A text that the index does not hold, and what was looked for in its place (「もしかして」)."""

    typed: str
    meant: str


@dataclass
class Match:
    """The documents found. `words` and `texts` are what to mark in them.

    `partial` tells that no document holds the words that were asked for together."""

    score: Array
    mask: Array
    words: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    corrections: list[Correction] = field(default_factory=list)
    expansions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    partial: bool = False


def least_strictly(required: int) -> int:
    """How many of a few keywords a hit must hold where enough documents do."""
    return required if required <= 3 else int(np.ceil(required * _KEYWORD_SHARE))


def _least(query: Query, required: int, covered: Array, mask: Array) -> int:
    """Return how many of the words a hit must hold: the strict share, less where that finds little."""
    least = least_strictly(required)
    if query.question:
        # A question no document answers in full is answered by those that come closest.
        most = int((covered * mask).max(initial=0))
        least = max(1, min(int(np.ceil(required * _QUESTION_SHARE)), most))
    fewest = -(-required // _FEWEST_PART)
    while least > fewest and np.count_nonzero((covered >= least) & mask) < _ENOUGH:
        least -= 1
    return least


class Matcher:
    """Finds documents in one state of the index."""

    def __init__(self, snapshot: Snapshot, parser: Parser) -> None:
        self._snapshot = snapshot
        self._parser = parser
        self._vocabulary = Vocabulary(snapshot)

    def match(self, query: Query, *, loose: bool = False) -> Match:
        """Return the documents that a query finds; `loose` asks for any one of its words."""
        size = self._snapshot.size
        match = Match(np.zeros(size, np.float32), self._snapshot.alive.copy())
        covered = np.zeros(size, np.uint8)
        required = 0
        for run in query.runs:
            required += self._add_run(run, match, covered)
        self._require_phrases(query.phrases, match)
        self._avoid(query.avoided, match)
        if required:
            least = 1 if loose else _least(query, required, covered, match.mask)
            match.mask &= covered >= least
            strict = covered >= least_strictly(required)
            match.partial = not query.question and not (match.mask & strict).any()
        if required > 1:
            match.score *= np.sqrt(covered.astype(np.float32) / np.float32(required))
        return match

    def _add_run(self, run: Run, match: Match, covered: Array) -> int:
        exact = self.exact(run.text)
        concepts = list(self._understand(run))
        found = [self._alternatives(concept) for concept in concepts]
        if not len(exact[0]) and self._is_slip(run, concepts, found):
            corrected = self._correct(run, match)
            if not corrected and any(concept.required for each in run.spelled for concept in each.concepts):
                return sum(self._add_run(each, match, covered) for each in run.spelled)
            if corrected:
                concepts = list(corrected)
                found = [self._alternatives(concept) for concept in concepts]
        for concept, alternatives in zip(concepts, found, strict=True):
            self._add_concept(concept, alternatives, exact, match, covered)
            self._note(concept, match)
        if len(exact[0]):
            match.texts.add(run.text)
            if len(concepts) > 1:
                np.add.at(match.score, exact[0], exact[1] * np.float32(_EXACT_WEIGHT * (len(concepts) - 1)))
        return sum(concept.required for concept in concepts)

    def _understand(self, run: Run) -> Iterable[Concept]:
        """Return a run's concepts, kana with the words that are read like it."""
        if not run.spelled:
            return run.concepts
        concept = run.concepts[0]
        texts = self._vocabulary.by_reading(run.reading)
        others = [text for text in texts if text != run.text]
        read = tuple(Alternative(self._parser.words(text), _READING_WEIGHT, text) for text in others[:4])
        return (replace(concept, alternatives=concept.alternatives + read),)

    def _is_slip(self, run: Run, concepts: Sequence[Concept], found: Sequence[list[Found]]) -> bool:
        """Tell whether a run looks mistyped: a word nobody holds, or odd characters that never meet."""
        wanted = [each for concept, each in zip(concepts, found, strict=True) if concept.required]
        if not wanted or len(run.text) > _LONGEST_SLIP:
            return False
        if not all(wanted):
            return True
        # Whole words that never meet are a rare wish (設備融資), not a slip for another (設備投資).
        if all(len(concept.label) > 1 for concept in concepts):
            return False
        meeting = np.zeros(self._snapshot.size, np.uint8)
        for alternatives in wanted:
            held = np.zeros(self._snapshot.size, bool)
            for docs, _ in alternatives:
                held[docs] = True
            meeting += held
        return int(meeting.max(initial=0)) < len(wanted)

    def _correct(self, run: Run, match: Match) -> tuple[Concept, ...]:
        meant = self._vocabulary.suggest(run.text, run.reading)
        if meant is None:
            return ()
        match.corrections.append(Correction(run.text, meant))
        return self._parser.reread(meant, _CORRECTED_WEIGHT)

    def _note(self, concept: Concept, match: Match) -> None:
        for alternative in concept.alternatives:
            match.words.update(alternative.words)
        labels = dict.fromkeys(a.label for a in concept.alternatives if a.label != concept.label)
        if labels and concept.required:
            match.expansions[concept.label] = tuple(labels)

    def _alternatives(self, concept: Concept) -> list[Found]:
        """Return what each alternative finds; a rarer expansion never outweighs the word that was typed."""
        found: list[Found] = []
        typed = 0.0
        for alternative in concept.alternatives:
            docs, values, idf = self._words(alternative.words)
            if not len(docs):
                continue
            if alternative.label == concept.label:
                typed = max(typed, idf)
            scale = min(idf, typed) / idf if typed else 1.0
            found.append((docs, values * np.float32(alternative.weight * scale)))
        return found

    def _add_concept(
        self, concept: Concept, found: list[Found], exact: Found, match: Match, covered: Array
    ) -> None:
        if len(exact[0]) and concept.required:
            found = [*found, (exact[0], exact[1] * np.float32(_EXACT_WEIGHT))]
        if not found:
            return
        if len(found) == 1:
            docs, values = found[0]
            np.add.at(match.score, docs, values)
            if concept.required:
                covered[docs] += 1
            return
        # Whole arrays are added faster than parts of them are looked up.
        best, every = self._best_and_sum(found)
        every -= best
        every *= np.float32(_OTHERS_WEIGHT)
        match.score += np.minimum(every, best, out=every) + best
        if concept.required:
            covered += best != 0

    def _best_and_sum(self, found: Sequence[Found]) -> tuple[Array, Array]:
        """Return for every document the best of the values and their sum."""
        every = np.zeros(self._snapshot.size, np.float32)
        every[found[0][0]] = found[0][1]
        best = every.copy()
        for docs, values in found[1:]:
            np.maximum.at(best, docs, values)
            np.add.at(every, docs, values)
        return best, every

    def _words(self, words: Sequence[str]) -> tuple[Array, Array, float]:
        """Return the documents that hold all the words, their scores, and the words' rarity."""
        found = [self._snapshot.word(hash64(word)) for word in dict.fromkeys(words)]
        if not found:
            return np.zeros(0, np.intp), np.zeros(0, np.float32), 1.0
        rarities = [rarity(len(docs), self._snapshot.total) for docs, _ in found]
        docs = self._all_of(found)
        values = np.zeros(len(docs), np.float32)
        for (others, impacts), idf in zip(found, rarities, strict=True):
            values += self._impacts_on(docs, others, impacts) * np.float32(STEP * idf)
        return docs, values, sum(rarities)

    def _all_of(self, found: Sequence[Found]) -> Array:
        """Return the documents that all have found."""
        if len(found) == 1:
            return found[0][0]
        docs, *rest = sorted((docs for docs, _ in found), key=len)
        for others in rest:
            docs = self._both(docs, others)
        return docs

    def _both(self, few: Array, many: Array) -> Array:
        """Return what two ascending lists share."""
        if not len(few):
            return few
        shared: Array
        if len(few) * _FEW < len(many):
            shared = many.take(many.searchsorted(few), mode="clip") == few
        else:
            flags = np.zeros(self._snapshot.size, bool)
            flags[many] = True
            shared = flags[few]
        both: Array = few[shared]
        return both

    def _impacts_on(self, docs: Array, others: Array, impacts: Array) -> Array:
        """Return the impacts of some ascending documents, which are all among the others."""
        if len(docs) == len(others):
            return impacts
        if len(docs) * _FEW < len(others):
            return impacts[others.searchsorted(docs)]
        spread = np.zeros(self._snapshot.size, impacts.dtype)
        spread[others] = impacts
        return spread[docs]

    def exact(self, text: str) -> Found:
        """Return the documents with all character pairs of a squeezed text, and their scores."""
        snapshot = self._snapshot
        if len(text) < 2:
            if not text:
                return np.zeros(0, np.intp), np.zeros(0, np.float32)
            low = ord(text) << 32
            docs = snapshot.grams_between(low, low + (1 << 32))
            return docs, np.full(len(docs), rarity(len(docs), snapshot.total), np.float32)
        found = [snapshot.gram(key) for key in sorted(set(grams_of(text)[:-1].tolist()))]
        rarest, impacts = min(found, key=lambda each: len(each[0]))
        docs = self._all_of(found)
        values = self._impacts_on(docs, rarest, impacts)
        return docs, values * np.float32(STEP * rarity(len(docs), snapshot.total))

    def phrase(self, text: str, among: Array) -> Array:
        """Return those of the masked documents that hold a squeezed text literally."""
        docs = self.exact(text)[0]
        return self._literal(text, docs[among[docs]])

    def _literal(self, text: str, docs: Array) -> Array:
        if len(text) < 3:
            return docs
        return self._snapshot.holding(text, docs)

    def _require_phrases(self, phrases: Sequence[str], match: Match) -> None:
        for phrase in phrases:
            near, values = self.exact(phrase)
            np.add.at(match.score, near, values)
            held = np.zeros(self._snapshot.size, bool)
            held[self._literal(phrase, near[match.mask[near]])] = True
            match.mask &= held
            match.texts.add(phrase)

    def _avoid(self, avoided: Sequence[Avoided], match: Match) -> None:
        for each in avoided:
            if len(each.words) == 1:
                match.mask[self._words(each.words)[0]] = False
            docs = self.exact(each.text)[0]
            match.mask[self._literal(each.text, docs[match.mask[docs]])] = False
