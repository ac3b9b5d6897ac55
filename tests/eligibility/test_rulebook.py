"""The published rules in memory: what is in reach, and that nothing old is answered."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.eligibility import operations, rulebook
from madoguchi.eligibility.models import RuleSet
from madoguchi.eligibility.rulebook import Match, Rulebook
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import Verdict
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from tests.eligibility.conftest import AT, ON
from tests.minato import change, copied, loaded
from tests.queries import cost

A_FACTORY = {"area": "312011", "industry": "E", "legal_form": "kabushiki", "employees": 20}


def _matches(book: Rulebook, profile: dict[str, Any], **options: Any) -> dict[tuple[str, str], Match]:
    told = read_profile(profile, book.dictionary)
    assert not told.troubles
    found = book.match(told.facts, at=AT, on=ON, **options)
    return {(match.entry.programme, match.entry.rule.frame): match for match in found}


def test_each_frame_of_the_newest_edition_gets_a_verdict(minato_rules: Rulebook) -> None:
    found = _matches(minato_rules, {**A_FACTORY, "receives:kuni-hojo": False})
    assert {key: match.verdict for key, match in found.items()} == {
        ("keiei-sodan", ""): Verdict.LIKELY,
        ("senmonka-haken", "派遣"): Verdict.UNKNOWN,
        ("setsubi-hojo", "通常枠"): Verdict.ELIGIBLE,
        ("setsubi-hojo", "特別枠"): Verdict.UNKNOWN,
    }
    assert found["setsubi-hojo", "特別枠"].ask == ("machines",)
    assert found["setsubi-hojo", "通常枠"].reception.status is ReceptionStatus.OPEN


def test_an_edition_of_another_year_can_be_asked_for(minato_rules: Rulebook) -> None:
    found = _matches(minato_rules, A_FACTORY, fiscal_year=2024)
    assert {key: match.verdict for key, match in found.items()} == {
        ("setsubi-hojo", "通常枠"): Verdict.ELIGIBLE
    }


def test_before_the_newest_edition_the_one_of_that_year_counts(minato_rules: Rulebook) -> None:
    entries, _ = minato_rules.in_reach(on=date(2024, 12, 1))
    years = {entry.programme: entry.edition.fiscal_year for entry in entries}
    assert years["setsubi-hojo"] == 2024


def test_the_grant_follows_the_cost_and_is_not_shown_to_who_is_not_eligible(minato_rules: Rulebook) -> None:
    told = {**A_FACTORY, "receives:kuni-hojo": False, "cost_yen": 1_333_333, "machines": 1}
    found = _matches(minato_rules, told)
    grant = found["setsubi-hojo", "通常枠"].grant
    assert grant is not None
    assert grant.grant_yen == 666_000
    assert found["setsubi-hojo", "特別枠"].verdict is Verdict.INELIGIBLE
    assert found["setsubi-hojo", "特別枠"].grant is None


def test_the_nearest_miss_names_what_would_have_to_change(minato_rules: Rulebook) -> None:
    found = _matches(minato_rules, {**A_FACTORY, "receives:kuni-hojo": False, "machines": 1})
    miss = found["setsubi-hojo", "特別枠"].explanation.miss
    assert miss is not None
    assert [condition.because for condition in miss.changes] == ["機械を2台以上入れること"]


def test_a_second_look_costs_the_same_few_queries(minato_rules: Rulebook) -> None:
    assert rulebook.current() is minato_rules
    assert cost(rulebook.current) == 3


def test_a_changed_rule_is_answered_at_once_and_the_old_one_stays_on_record(
    minato_rules: Rulebook, tmp_path: Any
) -> None:
    pack = copied(tmp_path)
    change(pack, "rules/setsubi-hojo.yaml", "at_least: 2,", "at_least: 3,")
    change(pack, "rules/setsubi-hojo.yaml", "machines: 2, cost", "machines: 3, cost")
    assert loaded(pack).changed["rules"] == ["setsubi-hojo（2025）"]
    found = _matches(rulebook.current(), {**A_FACTORY, "receives:kuni-hojo": False, "machines": 2})
    assert found["setsubi-hojo", "特別枠"].verdict is Verdict.INELIGIBLE
    revisions = RuleSet.objects.filter(programme__slug="setsubi-hojo", fiscal_year=2025)
    assert [(row.revision, row.ended_at is None) for row in revisions.order_by("revision")] == [
        (1, False),
        (2, True),
    ]


def test_loading_the_same_rules_again_changes_nothing(minato_rules: Rulebook) -> None:
    before = AuditEvent.objects.count()
    assert not loaded()
    assert AuditEvent.objects.count() == before


def test_rules_the_pack_no_longer_has_are_ended(minato_rules: Rulebook, tmp_path: Any) -> None:
    pack = copied(tmp_path)
    (pack / "rules/keiei-sodan.yaml").unlink()
    assert loaded(pack).removed["rules"] == ["keiei-sodan（2025）"]
    found = _matches(rulebook.current(), A_FACTORY)
    assert found["keiei-sodan", ""].verdict is Verdict.UNKNOWN


def test_ending_twice_is_a_conflict(minato_rules: Rulebook) -> None:
    rule_set = RuleSet.objects.filter(programme__slug="keiei-sodan").get()
    operations.withdraw(rule_set=rule_set, at=AT, by=audit.SYSTEM)
    with pytest.raises(Conflict):
        operations.withdraw(rule_set=rule_set, at=AT, by=audit.SYSTEM)


@pytest.mark.parametrize(
    "column", ["id", "document", "content_hash", "fiscal_year", "revision", "published_at"]
)
def test_a_published_rule_set_cannot_be_rewritten(minato_rules: Rulebook, column: str) -> None:
    row = RuleSet.objects.order_by("pk").first()
    assert row is not None
    value: Any = {"id": 10_000, "document": {}, "content_hash": "x", "published_at": AT}.get(column, 7)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.filter(pk=row.pk).update(**{column: value})


def test_a_rule_set_does_not_end_before_it_was_published(minato_rules: Rulebook) -> None:
    early = AT.replace(year=1999)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.filter(programme__slug="keiei-sodan").update(ended_at=early)


def test_postgresql_refuses_to_delete_a_rule_set(minato_rules: Rulebook) -> None:
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("SQLite gets no DELETE trigger")
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSet.objects.filter(programme__slug="keiei-sodan").delete()


def test_without_the_trigger_it_could_be(minato_rules: Rulebook) -> None:
    """The twin: it is the trigger that holds, nothing else would."""
    from django.db import connection

    on = "" if connection.vendor == "sqlite" else " ON eligibility_ruleset"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER eligibility_ruleset_kept{on}")
    assert RuleSet.objects.order_by("pk").update(document={}) == 3
