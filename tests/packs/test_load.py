"""Loading: all or nothing, the same twice changes nothing, and what earlier editions name is kept."""

import contextlib
from datetime import timedelta
from types import SimpleNamespace

import pytest

from madoguchi.catalogue.models import Edition, Programme, SynonymGroup, Term
from madoguchi.catalogue.states import EditionState
from madoguchi.events.models import Event, Occurrence
from madoguchi.foundation import outbox
from madoguchi.foundation.models import AuditEvent, OutboxEntry
from madoguchi.institutions.models import Desk, Organisation, Region, Succession, Unit
from madoguchi.packs import load_institutions
from madoguchi.packs.check import check
from madoguchi.packs.load import PackInvalid, load
from madoguchi.results.models import Listing, ListingRow, Project
from tests import minato

pytestmark = pytest.mark.django_db
SETSUBI = "programmes/setsubi-hojo.yaml"
LATER = minato.AT + timedelta(days=1)
ANOTHER_POLICY = (
    "  - {code: m3, mark: ③, short: 人, title: 人を育てること, summary: 働く人を育てます。,"
    ' source: {file: "900", section: policies, lines: "4-6"}}\n'
)


def waiting() -> set[str]:
    """What the search index has been told to follow since the last look."""
    items = outbox.pending("search")
    outbox.done(items)
    return {item.key for item in items}


@pytest.fixture
def loaded(pack):
    minato.loaded(pack)
    waiting()
    return pack


def counts() -> dict[str, int]:
    models = (
        Organisation,
        Unit,
        Desk,
        Programme,
        Edition,
        Project,
        Listing,
        ListingRow,
        Event,
        Occurrence,
        Term,
    )
    return {model.__name__: model._base_manager.count() for model in (*models, AuditEvent, OutboxEntry)}


def test_a_pack_fills_every_room(pack):
    changes = minato.loaded(pack)
    assert {kind: len(keys) for kind, keys in changes.added.items()} == {
        "source": 1,
        "organisation": 2,
        "unit": 3,
        "desk": 2,
        "programme": 3,
        "project": 2,
        "listing": 2,
        "indicator": 5,
        "value": 8,
        "narrative": 2,
        "introduction": 1,
        "case_study": 1,
        "report_year": 1,
        "chapter": 3,
        "rules": 3,
        "event": 1,
    }
    assert changes.removed == {}
    assert Region.objects.get().general_desk.slug == "minato-sodan"
    assert Unit.objects.get(slug="minato-shoko-setsubi").full_name == "県 商工課 設備係"
    assert Succession.objects.get().successor.slug == "minato-sangyo"
    assert Edition.objects.filter(state=EditionState.PUBLISHED).count() == 4
    frame = Edition.objects.get(programme__slug="setsubi-hojo", fiscal_year=2025).frames.get(name="特別枠")
    assert (str(frame.rate), frame.cap_yen, frame.cap_low_yen) == ("2/3", 3_000_000, 500_000)
    assert Project.objects.get(slug="m-setsubi").cost_yen == 12_000_000
    assert list(Occurrence.objects.values_list("precision", flat=True)) == ["day", "day", "month"]


def test_a_pack_with_problems_is_not_loaded(pack):
    minato.change(pack, SETSUBI, "kinds: [subsidy]", "kinds: [gift]")
    with pytest.raises(PackInvalid):
        load(check(pack), at=minato.AT)
    assert Organisation.objects.count() == 0


def test_the_same_pack_twice_changes_nothing(loaded):
    before = counts()
    assert not minato.loaded(loaded, at=LATER)
    assert counts() == before


def test_a_pack_that_is_only_written_differently_changes_nothing(loaded):
    minato.change(
        loaded, "programmes/keiei-sodan.yaml", "name: 経営の相談\n", 'name: "経営の相談"  # quoted\n'
    )
    assert not minato.loaded(loaded, at=LATER)


def test_one_changed_field_makes_one_new_revision(loaded):
    minato.change(loaded, SETSUBI, "cap_yen: 1000000", "cap_yen: 1200000")
    changes = minato.loaded(loaded, at=LATER)
    assert (changes.added, changes.changed, changes.removed) == ({}, {"programme": ["setsubi-hojo"]}, {})
    old, new = Edition.objects.filter(programme__slug="setsubi-hojo", fiscal_year=2025).order_by("revision")
    assert (old.state, old.ended_at, old.frames.get(name="通常枠").cap_yen) == (
        "superseded",
        LATER,
        1_000_000,
    )
    assert (new.state, new.revision, new.frames.get(name="通常枠").cap_yen) == ("published", 2, 1_200_000)
    assert Edition.objects.get(programme__slug="setsubi-hojo", fiscal_year=2024).revision == 1
    assert waiting() == {"programme:setsubi-hojo", "words:"}


def test_an_edition_that_disappears_is_withdrawn(loaded):
    text = (loaded / SETSUBI).read_text(encoding="utf-8")
    (loaded / SETSUBI).write_text(text.partition("  - fiscal_year: 2024")[0], encoding="utf-8")
    rules = loaded / "rules/setsubi-hojo.yaml"
    rules.write_text(rules.read_text("utf-8").partition("  - fiscal_year: 2024")[0], encoding="utf-8")
    changes = minato.loaded(loaded, at=LATER)
    assert changes.changed == {"programme": ["setsubi-hojo"]}
    assert changes.removed == {"rules": ["setsubi-hojo（2024）"]}
    assert Edition.objects.get(fiscal_year=2024).state == EditionState.WITHDRAWN


def test_a_programme_that_disappears_is_withdrawn_and_may_come_back(loaded):
    file = loaded / "programmes/senmonka-haken.yaml"
    text = file.read_text(encoding="utf-8")
    minato.change(loaded, SETSUBI, "related:\n  - {programme: senmonka-haken, note: 計画づくりに}\n", "")
    minato.change(loaded, "projects/listed.yaml", "[setsubi-hojo, senmonka-haken]", "[setsubi-hojo]")
    file.unlink()
    assert minato.loaded(loaded, at=LATER).removed == {"programme": ["senmonka-haken"]}
    file.write_text(text, encoding="utf-8")
    minato.loaded(loaded, at=LATER)
    editions = Edition.objects.filter(programme__slug="senmonka-haken").order_by("revision")
    assert [edition.state for edition in editions] == ["withdrawn", "published"]


def remove_desk_kita(pack):
    text = (pack / "desks/minato.yaml").read_text(encoding="utf-8")
    (pack / "desks/minato.yaml").write_text(text.partition("  - slug: minato-kita")[0], encoding="utf-8")
    minato.change(pack, "programmes/keiei-sodan.yaml", "[minato-sodan, minato-kita]", "[minato-sodan]")
    (pack / "consultations.yaml").unlink()


def test_a_desk_that_disappears_is_removed(loaded):
    remove_desk_kita(loaded)
    assert minato.loaded(loaded, at=LATER).removed == {"desk": ["minato-kita"]}
    assert not Desk.everything.filter(slug="minato-kita").exists()
    assert "desk:minato-kita" in waiting()


def drop_unit_shoko(pack):
    """The unit is renamed in the pack; superseded editions still name the old one."""
    for file in (SETSUBI, "projects/listed.yaml"):
        minato.change(pack, file, "minato-shoko", "minato-shinko")
    minato.change(pack, "institutions/minato.yaml", "slug: minato-shoko\n", "slug: minato-shinko\n")
    minato.change(pack, "institutions/minato.yaml", "parent: minato-shoko\n", "parent: minato-shinko\n")
    minato.change(
        pack, "institutions/minato.yaml", "predecessor: minato-shoko,", "predecessor: minato-shinko,"
    )


def test_a_unit_that_an_earlier_edition_names_is_hidden_not_deleted(loaded):
    drop_unit_shoko(loaded)
    changes = minato.loaded(loaded, at=LATER)
    assert changes.removed == {"unit": ["minato-shoko"]}
    assert not Unit.objects.filter(slug="minato-shoko").exists()
    old = Edition.objects.get(programme__slug="setsubi-hojo", fiscal_year=2025, revision=1)
    assert old.contacts.get().unit.slug == "minato-shoko"
    assert not minato.loaded(loaded, at=LATER)


def test_a_hidden_unit_comes_back_with_the_pack_that_names_it(loaded):
    drop_unit_shoko(loaded)
    minato.loaded(loaded, at=LATER)
    changes = minato.loaded(minato.MINATO, at=LATER)
    assert changes.added["unit"] == ["minato-shoko"]
    assert Unit.objects.get(slug="minato-shoko").name == "商工課"


def test_a_unit_and_the_one_below_it_may_disappear_together(loaded):
    drop_unit_shoko(loaded)
    minato.loaded(loaded, at=LATER)
    minato.change(loaded, "institutions/minato.yaml", "slug: minato-shinko\n", "slug: minato-shinsei\n")
    minato.change(loaded, "institutions/minato.yaml", "parent: minato-shinko\n", "parent: minato-shinsei\n")
    minato.change(loaded, "institutions/minato.yaml", "slug: minato-shoko-setsubi", "slug: minato-setsubi")
    minato.change(
        loaded, "institutions/minato.yaml", "predecessor: minato-shinko,", "predecessor: minato-shinsei,"
    )
    for file in (SETSUBI, "projects/listed.yaml"):
        minato.change(loaded, file, "minato-shinko", "minato-shinsei")
    changes = minato.loaded(loaded, at=LATER)
    assert sorted(changes.removed["unit"]) == ["minato-shinko", "minato-shoko-setsubi"]
    assert not Unit.everything.filter(slug="minato-shoko-setsubi").exists()


def test_a_renamed_unit_renames_those_below_and_is_followed_by_the_index(loaded):
    minato.change(loaded, "institutions/minato.yaml", "name: 商工課", "name: 商工振興課")
    changes = minato.loaded(loaded, at=LATER)
    assert sorted(changes.changed["unit"]) == ["minato-shoko", "minato-shoko-setsubi"]
    assert Unit.objects.get(slug="minato-shoko-setsubi").full_name == "県 商工振興課 設備係"
    assert "programme:setsubi-hojo" in waiting()


def test_a_renamed_organisation_is_followed_by_all_that_show_its_name(loaded):
    minato.change(loaded, "institutions/minato.yaml", "short_name: センター", "short_name: 産業センター")
    minato.loaded(loaded, at=LATER)
    assert waiting() >= {
        "organisation:minato-center",
        "programme:keiei-sodan",
        "desk:minato-sodan",
        "event:hanro-seminar-2025",
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "kind"),
    [
        ("vocabulary.yaml", "label: 補助金", "label: 補助金など", "vocabulary"),
        ("thesaurus.yaml", "[設備, 機械]", "[設備, 機械, 装置]", "thesaurus"),
        ("region.yaml", "tagline: みなと県の", "tagline: 県の", "region"),
        ("theme/region.css", "#246", "#248", "region"),
        ("policies.yaml", "short: 売り先", "short: 販路", "policy"),
        ("institutions/minato.yaml", "on: 2026-04-01}", "on: 2026-04-02}", "succession"),
        ("projects/listed.yaml", "repeat: true, policies: null", "repeat: true, policies: [m2]", "listing"),
    ],
)
def test_a_change_outside_of_records_is_told_and_reaches_the_search(loaded, file, old, new, kind):
    minato.change(loaded, file, old, new)
    changes = minato.loaded(loaded, at=LATER)
    assert list(changes.changed) == [kind]
    assert waiting() == {"words:"}
    assert not minato.loaded(loaded, at=LATER)


def test_a_succession_that_disappears_is_told_audited_and_reaches_the_pages(loaded):
    minato.change(
        loaded,
        "institutions/minato.yaml",
        "successions:\n  - {predecessor: minato-shoko, successor: minato-sangyo, on: 2026-04-01}\n",
        "",
    )
    assert minato.loaded(loaded, at=LATER).changed == {"succession": ["successions"]}
    assert AuditEvent.objects.filter(action="pack.loaded").last().data["changed"] == {"succession": 1}
    assert waiting() == {"words:"}
    assert not Succession.objects.exists()


def test_a_policy_that_disappears_is_told_audited_and_reaches_the_pages(loaded):
    text = (loaded / "policies.yaml").read_text(encoding="utf-8")
    (loaded / "policies.yaml").write_text(text + ANOTHER_POLICY, encoding="utf-8")
    minato.loaded(loaded, at=LATER)
    waiting()
    (loaded / "policies.yaml").write_text(text, encoding="utf-8")
    assert minato.loaded(loaded, at=LATER).changed == {"policy": ["policies"]}
    assert AuditEvent.objects.filter(action="pack.loaded").last().data["changed"] == {"policy": 1}
    assert waiting() == {"words:"}
    assert not minato.loaded(loaded, at=LATER)


def test_one_way_synonyms_keep_their_direction(loaded):
    assert list(SynonymGroup.objects.order_by("position").values_list("words", "targets")) == [
        (["設備", "機械"], []),
        (["おかね"], ["補助金"]),
    ]


def fail(*_):
    raise ZeroDivisionError


def load_and_fail_at_the_end(pack, monkeypatch):
    monkeypatch.setattr(load_institutions, "drop_missing", fail)
    with pytest.raises(ZeroDivisionError):
        minato.loaded(pack)


@pytest.mark.django_db(transaction=True)
def test_a_failure_in_the_last_step_leaves_nothing(pack, monkeypatch):
    load_and_fail_at_the_end(pack, monkeypatch)
    assert not any(counts().values())


@pytest.mark.django_db(transaction=True)
def test_without_the_transaction_a_failure_would_leave_half_a_pack(pack, monkeypatch):
    monkeypatch.setattr("madoguchi.packs.load.transaction", SimpleNamespace(atomic=contextlib.nullcontext))
    load_and_fail_at_the_end(pack, monkeypatch)
    assert Organisation.objects.count() == 2


def test_the_load_is_one_audit_event_beside_those_of_the_editions(loaded):
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    published = ["catalogue.edition_published"] * 4 + ["eligibility.rules_published"] * 3
    assert actions == [*published, "pack.loaded"]
    assert AuditEvent.objects.get(action="pack.loaded").data["added"]["programme"] == 3


def test_the_columns_of_both_databases_take_the_longest_texts(pack):
    minato.change(pack, SETSUBI, "who: 県内の製造業の中小企業", f"who: {'長' * 200}")
    minato.loaded(pack)
    assert len(Edition.objects.get(programme__slug="setsubi-hojo", fiscal_year=2025).who) == 200
