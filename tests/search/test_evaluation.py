import pytest

from madoguchi.search.evaluation import Graded, evaluate, ndcg, recall


def test_the_best_order_scores_one() -> None:
    assert ndcg(["a", "b", "c"], {"a": 3, "b": 1}) == pytest.approx(1.0)


def test_a_worse_order_scores_less() -> None:
    assert 0 < ndcg(["c", "b", "a"], {"a": 3, "b": 1}) < 1


def test_only_the_first_ones_count() -> None:
    assert ndcg(["x"] * 10 + ["a"], {"a": 1}) == 0
    assert recall(["x"] * 20 + ["a"], {"a": 1}) == 0
    assert recall(["a", "x"], {"a": 1, "b": 2, "c": 0}) == 0.5


def test_questions_without_hits_are_counted() -> None:
    answers = {"found": ["a"], "lost": []}
    quality = evaluate([Graded("found", {"a": 1}), Graded("lost", {"a": 1})], answers.__getitem__)
    assert (quality.ndcg_at_10, quality.recall_at_20, quality.zero_hit_rate) == (0.5, 0.5, 0.5)


def test_no_questions_are_an_error() -> None:
    with pytest.raises(ValueError, match="nothing"):
        evaluate([], lambda _: [])
