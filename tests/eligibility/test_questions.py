"""The next question over the published rules: what matters more is asked first, and how far we are."""

from datetime import datetime
from typing import Any

import pytest

from madoguchi.catalogue.models import ReceptionWindow
from madoguchi.catalogue.queries import Reception
from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.eligibility import questions, rulebook
from madoguchi.eligibility.rulebook import Rulebook
from madoguchi.eligibility.rules.profile import read_profile
from tests.eligibility.conftest import AT, ON
from tests.minato import copied, loaded
from tests.queries import cost


def _next(book: Rulebook, told: dict[str, Any], **options: Any) -> questions.Question:
    return questions.next_question(book, read_profile(told, book.dictionary).facts, at=AT, on=ON, **options)


def test_each_answer_leads_on_until_nothing_more_can_be_settled(minato_rules: Rulebook) -> None:
    answers = {
        "area": "312011", "industry": "E", "legal_form": "kabushiki", "employees": 20,
        "receives:kuni-hojo": False, "machines": 2,
    }  # fmt: skip
    told: dict[str, Any] = {}
    while fact := _next(minato_rules, told).fact:
        assert fact.key not in told
        told[fact.key] = answers[fact.key]
    # One programme has no rule yet: nobody's answer settles it.
    assert _next(minato_rules, told).progress == questions.Progress(settled=2, total=3)
    assert set(told) <= set(answers)


def test_a_programme_is_settled_when_all_its_frames_are(minato_rules: Rulebook) -> None:
    outside = {"area": "131016"}
    assert _next(minato_rules, {}).progress.settled == 1
    assert _next(minato_rules, outside).progress.settled == 2


def test_a_skipped_question_is_not_asked(minato_rules: Rulebook) -> None:
    first = _next(minato_rules, {}).fact
    assert first is not None
    second = _next(minato_rules, {}, skipped=frozenset({first.key})).fact
    assert second is not None
    assert second.key != first.key


def test_the_year_asked_for_bounds_questions_and_progress(minato_rules: Rulebook) -> None:
    question = _next(minato_rules, {"industry": "E"}, fiscal_year=2024)
    assert question.fact is not None
    assert question.fact.key == "area"
    assert question.progress == questions.Progress(settled=0, total=1)
    assert _next(minato_rules, {}, fiscal_year=1999) == questions.Question(None, questions.Progress(0, 0))


def test_what_closes_soon_weighs_twice(minato_rules: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    closes = {"setsubi-hojo": ON.replace(month=6, day=20), "keiei-sodan": ON.replace(month=12, day=20)}

    def reception(edition: Any, *, at: datetime) -> Reception:
        day = closes.get(edition.programme.slug)
        if day is None:
            return Reception(ReceptionStatus.CLOSED, None, None, "")
        return Reception(ReceptionStatus.OPEN, at.replace(month=day.month, day=day.day), None, "")

    monkeypatch.setattr(questions, "reception_of", reception)
    questions._weights.cache_clear()
    entries, _ = minato_rules.in_reach(on=ON)
    weights = dict(
        zip(
            ((e.programme, e.rule.frame) for e in entries),
            questions._weights(minato_rules, AT, ON, None),
            strict=True,
        )
    )
    assert weights == {
        ("keiei-sodan", ""): 4.0,
        ("senmonka-haken", "派遣"): 0.2,
        ("setsubi-hojo", "通常枠"): 4.0,
        ("setsubi-hojo", "特別枠"): 4.0,
    }
    questions._weights.cache_clear()


def test_within_the_hour_the_weights_are_not_looked_up_again(minato_rules: Rulebook) -> None:
    facts = read_profile({}, minato_rules.dictionary).facts
    moments = [AT.replace(minute=minute, microsecond=minute) for minute in (1, 7, 59)]

    def ask() -> None:
        for at in moments:
            questions.next_question(minato_rules, facts, at=at, on=ON)

    questions._weights.cache_clear()
    assert cost(ask) == 1


# ── the rulebook ────────────────────────────────────────────────────────────────────────────────────
def test_no_more_years_are_compiled_than_make_a_difference(minato_rules: Rulebook) -> None:
    for year in (1, 1989, 2023, 2024, 2025, 2026, 9999):
        minato_rules.in_reach(on=ON.replace(year=year))
        minato_rules.in_reach(on=ON, fiscal_year=year)
    assert len(minato_rules._selections) <= 4
    early, _ = minato_rules.in_reach(on=ON.replace(year=1989))
    assert {entry.edition.fiscal_year for entry in early} == {2024, 2025}


def test_a_part_of_a_rule_that_cannot_be_read_leaves_the_whole_open(
    minato_rules: Rulebook, tmp_path: Any
) -> None:
    """Were only the edition's own part dropped, the frame's would let in who does not belong."""
    from madoguchi.eligibility.models import FactAdditions

    pack = copied(tmp_path)
    assert not loaded(pack)
    FactAdditions.objects.update(elsewhere=[], content_hash="other")
    told = {"area": "131016", "machines": 2}
    book = rulebook.current()
    found = book.match(read_profile(told, book.dictionary).facts, at=AT, on=ON)
    verdicts = {
        match.entry.rule.frame: match.verdict.value
        for match in found
        if match.entry.programme == "setsubi-hojo"
    }
    assert verdicts == {"通常枠": "unknown", "特別枠": "unknown"}


def test_the_windows_are_read_once(minato_rules: Rulebook) -> None:
    assert ReceptionWindow.objects.exists()
    assert cost(lambda: minato_rules.match({}, at=AT, on=ON)) == 0
