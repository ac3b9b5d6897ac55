"""How good a search is, over questions with graded answers."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Graded:
    """A question and how well each document (by key) answers it: 0 not at all, higher is better."""

    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Quality:
    """Means over all questions, each between 0 and 1."""

    ndcg_at_10: float
    recall_at_20: float
    zero_hit_rate: float


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain; 1 where no document deserves a grade."""
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(key, 0) for key in ranked[:depth]]) / ideal if ideal else 1.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1.0) / math.log2(place + 2) for place, grade in enumerate(grades))


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 20) -> float:
    """Return the share of the graded documents that the first ones hold; 1 where there are none."""
    wanted = {key for key, grade in grades.items() if grade > 0}
    return len(wanted.intersection(ranked[:depth])) / len(wanted) if wanted else 1.0


def evaluate(questions: Sequence[Graded], search: Callable[[str], Sequence[str]]) -> Quality:
    """Return the quality of a search from text to ranked keys; raises ValueError without questions."""
    if not questions:
        msg = "there is nothing to evaluate"
        raise ValueError(msg)
    answers = [(question, search(question.text)) for question in questions]
    count = len(questions)
    return Quality(
        ndcg_at_10=sum(ndcg(ranked, question.grades) for question, ranked in answers) / count,
        recall_at_20=sum(recall(ranked, question.grades) for question, ranked in answers) / count,
        zero_hit_rate=sum(not ranked for _, ranked in answers) / count,
    )
