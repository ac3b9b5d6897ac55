"""consultations.yaml: what is wrong in it is named, and loading it fills topics, rules and policy."""

import pytest

from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import Case, Policy, RoutingRule, Topic
from madoguchi.consultations.states import CaseState
from madoguchi.packs.check import check
from tests import minato
from tests.house.places import ROOT

FILE = "consultations.yaml"
FALLBACK = "  - desk: minato-sodan\n    because: そのほかの相談は、総合窓口が受けます。\n"
EVERYBODY_FIRST = "rules:\n  - desk: minato-sodan\n    because: みんなここです。\n"

MISTAKES = [
    (
        "desk: minato-kita\n    because: 北浜",
        "desk: nobody\n    because: 北浜",
        "rules.0.desk",
        "窓口「nobody」",
    ),
    ("topics: [market]", "topics: [gifts]", "rules.0.when.topics.0", "相談の内容「gifts」"),
    ("areas: [kita]", "areas: [minami]", "rules.0.when.areas", "地域「minami」"),
    ("industries: [E]", 'industries: ["00"]', "rules.1.when.industries.0", "産業分類"),
    (FALLBACK, "", "rules.2", "最後に、when のない決まり"),
    ("rules:\n", EVERYBODY_FIRST, "rules.1", "1番目の決まりがいつも先に"),
    ("code: market", "code: equipment", "topics.1", "相談の内容「equipment」が二度"),
    ("words: [もめ]", "words: [も]", "topics.3.words.0", "短すぎます"),
    ("purposes: [market]", "purposes: [gift]", "topics.1.purposes.0", "目的「gift」"),
    ('section: "2", lines: "41"', 'section: "9", lines: "41"', "topics.2.secret.source.0", "の「9」が"),
    ("because: 推定：取引先", "because: 取引先", "topics.3.secret", "推定："),
    ("desk: minato-kita, from", "desk: nobody, from", "policy.absences.0.desk", "窓口「nobody」"),
    ("instead: minato-sodan", "instead: minato-kita", "policy.absences.0.instead", "別の窓口"),
    ("until: 2025-08-15", "until: 2025-08-01", "policy.absences.0", "from より後"),
    ("after_business_days: 14", "after_business_days: 1", "policy", "少ない順"),
    ("to: manager", "to: mayor", "policy.chasing.1.to", "のどれか"),
    ("label: 販路\n", f"label: {'長' * 61}\n", "topics.1.label", "60 字まで"),
]


@pytest.mark.parametrize(("old", "new", "field", "sentence"), MISTAKES, ids=str)
def test_a_mistake_is_named_with_its_place(pack, old, new, field, sentence):
    minato.change(pack, FILE, old, new)
    found = [p for p in check(pack).problems if sentence in p.message]
    assert found, minato.problems(pack)
    assert (found[0].file, found[0].field) == (FILE, field)
    assert found[0].line > 1


NARROWER = "rules:\n  - when: {topics: [market], areas: [kita], employees_at_most: 5}\n"
WIDER = "rules:\n  - when: {areas: [kita]}\n"


def test_a_narrower_rule_before_a_wider_one_can_fire(pack):
    minato.change(
        pack, FILE, "rules:\n", f"{NARROWER}    desk: minato-sodan\n    because: 小さいところです。\n"
    )
    assert minato.problems(pack) == []


def test_behind_a_wider_one_it_cannot(pack):
    minato.change(pack, FILE, "rules:\n", f"{WIDER}    desk: minato-sodan\n    because: 北浜です。\n")
    assert any("1番目の決まりがいつも先に" in line for line in minato.problems(pack))


def test_a_pack_without_the_file_is_right(pack):
    (pack / FILE).unlink()
    assert minato.problems(pack) == []


@pytest.mark.django_db
def test_loading_fills_topics_rules_and_policy(pack):
    minato.loaded(pack)
    topics = list(Topic.objects.order_by("position").values_list("code", "is_secret"))
    assert topics == [("equipment", False), ("market", False), ("succession", True), ("dispute", True)]
    first = RoutingRule.objects.order_by("position").first()
    assert (first.desk.slug, first.conditions) == ("minato-kita", {"topics": ["market"], "areas": ["kita"]})
    policy = Policy.objects.get()
    assert (policy.promised_days, [step["after_business_days"] for step in policy.chasing]) == (2, [3, 7, 14])
    assert policy.absences[0]["from"] == "2025-08-12"


@pytest.mark.django_db
def test_loading_the_same_again_changes_nothing(pack):
    minato.loaded(pack)
    assert not minato.loaded(pack)


@pytest.mark.django_db
def test_a_changed_rule_is_told_and_written(pack):
    minato.loaded(pack)
    minato.change(pack, FILE, "promised_days: 2", "promised_days: 5")
    assert minato.loaded(pack).changed == {"consultations": ["consultations"]}
    assert Policy.objects.get().promised_days == 5


@pytest.mark.django_db
def test_a_topic_that_goes_is_hidden_where_a_case_names_it_and_deleted_elsewhere(pack):
    minato.loaded(pack)
    case = {"title": "売り先", "channel": Channel.WEB, "state": CaseState.NEW, "opened_at": minato.AT}
    Case.objects.create(
        key="k", number="2025-0001", fiscal_year=2025, main_topic=Topic.objects.get(code="market"), **case
    )
    (pack / FILE).unlink()
    minato.loaded(pack)
    assert list(Topic.objects.values_list("code", "is_current")) == [("market", False)]
    assert not RoutingRule.objects.exists()
    assert not Policy.objects.exists()


def test_each_secret_topic_of_the_shipped_pack_says_why():
    record = check(ROOT / "packs" / "aomori").consultations
    said = {topic.code: topic.secret.source is not None for topic in record.topics if topic.secret}
    assert said == {"succession": True, "recovery": True, "dispute": False}
