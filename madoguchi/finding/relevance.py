"""Measuring the search against questions that people graded by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from madoguchi.finding import ask
from madoguchi.search.evaluation import Graded, Quality, evaluate, ndcg, recall

_DEPTH = 20


@dataclass(frozen=True)
class QuestionScore:
    """How one question fared."""

    text: str
    ndcg_at_10: float
    recall_at_20: float
    found: int


@dataclass(frozen=True)
class Report:
    """The means over all questions and each question's own figures."""

    quality: Quality
    questions: tuple[QuestionScore, ...]


def read_questions(path: Path) -> list[Graded]:
    """Questions from YAML: `- {q: text, answers: {"programme:slug": 3}}`; 1 helps, 3 is just this.

    Raises ValueError for a file of another shape."""
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not readable as YAML: {error}") from error
    if not isinstance(rows, list):
        raise ValueError(f"{path}: a list of questions is expected")
    try:
        return [Graded(str(row["q"]), {str(k): int(v) for k, v in row["answers"].items()}) for row in rows]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: each question needs q and answers") from error


def measure(questions: Sequence[Graded], *, on: date) -> Report:
    """Ask every question and grade the answers; nothing that was relaxed counts as found."""
    ranked = {question.text: _ranked(question.text, on) for question in questions}
    scores = tuple(
        QuestionScore(
            question.text,
            ndcg(ranked[question.text], question.grades),
            recall(ranked[question.text], question.grades),
            len(ranked[question.text]),
        )
        for question in questions
    )
    return Report(evaluate(questions, ranked.__getitem__), scores)


def _ranked(text: str, on: date) -> list[str]:
    result = ask.answer(ask.read({"q": [text]}, today=on), limit=_DEPTH)
    return [f"{hit.type}:{hit.slug}" for hit in result.hits]
