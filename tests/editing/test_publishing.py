"""Drafts become public through the catalogue: checked, by the right people, once."""

from datetime import timedelta

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.catalogue.models import EditionRole
from madoguchi.catalogue.states import EditionState
from madoguchi.editing import queries, rules
from madoguchi.editing.errors import (
    EditionThere,
    NotAllowed,
    NothingChanged,
    NotReady,
    PublishedMeanwhile,
    ReasonMissing,
    WrongMoment,
)
from madoguchi.editing.models import Draft
from madoguchi.editing.operations import planned, publishing, writing
from madoguchi.editing.states import DraftState
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent, OutboxEntry
from tests.editing.town import (
    AT,
    YEAR,
    a_draft,
    a_region_with_words,
    a_town,
    an_officer,
    hand_on,
    published,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    a_region_with_words()
    return a_town()


@pytest.fixture
def officer(town):
    return an_officer(town)


@pytest.fixture
def colleague(town):
    return an_officer(town)


def two_are_wanted(town):
    writing.wish(organisation=town, needs_second=True, at=AT, by=SYSTEM)


# ── Publishing ──────────────────────────────────────────────────────────────────────────────────────
def test_a_new_programme_is_published_in_the_name_of_its_institution(town, officer):
    draft = a_draft(officer)
    hand_on(draft, officer)
    [edition] = published()
    assert edition.name == "店がまえ応援補助金"
    assert edition.origin.organisation == town
    assert edition.sources == [{"organisation": town.slug}]
    assert edition.roles.get(role=EditionRole.Role.OWNER).organisation == town
    assert draft.state == DraftState.PUBLISHED
    assert AuditEvent.objects.filter(action="editing.draft_published", subject_id=draft.key).exists()
    assert OutboxEntry.objects.filter(topic="search", key=f"programme:{edition.programme.slug}").exists()


def test_what_is_missing_is_told_and_nothing_is_public(officer):
    draft = a_draft(officer, summary="", kinds=["nothing_known"])
    with pytest.raises(NotReady) as refused:
        hand_on(draft, officer)
    assert [problem.path[0] for problem in refused.value.problems] == ["summary"]
    assert published() == []


def test_a_word_that_nobody_knows_is_told(officer):
    draft = a_draft(officer, kinds=["nothing_known"])
    with pytest.raises(NotReady) as refused:
        hand_on(draft, officer)
    assert [problem.path[0] for problem in refused.value.problems] == ["kinds"]


def test_a_correction_replaces_the_edition_and_keeps_what_the_form_does_not_show(officer):
    hand_on(a_draft(officer, frames=[{"name": "通常", "own_share": "1/3"}]), officer)
    [first] = published()
    hand_on(a_draft(officer, edition=first, summary="直した文です。"), officer)
    [second] = published()
    assert (second.revision, second.summary) == (2, "直した文です。")
    assert second.frames.get().own_share == first.frames.get().own_share


def test_the_same_content_again_is_no_new_revision(officer):
    hand_on(a_draft(officer), officer)
    [first] = published()
    with pytest.raises(NothingChanged):
        hand_on(a_draft(officer, edition=first), officer)


def test_a_draft_does_not_replace_what_its_author_never_saw(officer, colleague):
    hand_on(a_draft(officer), officer)
    [first] = published()
    mine, theirs = (a_draft(hat, edition=first, who=hat.label * 2) for hat in (officer, colleague))
    hand_on(theirs, colleague)
    with pytest.raises(PublishedMeanwhile):
        hand_on(mine, officer)
    # The twin: without what it saw, it goes over the other's revision.
    Draft.objects.filter(pk=mine.pk).update(seen=published()[0], version=mine.version)
    mine.refresh_from_db()
    mine.document["who"] = "ほかの人"
    publishing.publish(mine, version=mine.version, at=AT, by=SYSTEM)
    assert published()[0].revision == 3


def test_a_change_that_somebody_else_made_meanwhile_is_not_overwritten(officer, colleague):
    draft = a_draft(officer)
    seen = draft.version
    writing.write(
        draft=draft, document={**draft.document, "who": "町の店"}, version=seen, hat=colleague, at=AT
    )
    with pytest.raises(Conflict):
        writing.write(draft=draft, document={**draft.document, "who": "別"}, version=seen, hat=officer, at=AT)
    assert Draft.objects.get().document["who"] == "町の店"


def test_next_years_edition_begins_as_a_copy_without_the_days_of_this_one(officer):
    window = {"mode": "window", "windows": [{"closes_at": "2026-06-30T17:00"}]}
    hand_on(a_draft(officer, reception=window, who="町の店"), officer)
    [first] = published()
    draft = writing.begin(hat=officer, fiscal_year=YEAR + 1, edition=first, at=AT)
    assert draft.document["who"] == "町の店"
    assert draft.document["reception"] == {"mode": "not_stated"}
    assert "written_by" not in draft.document


def test_a_year_that_has_an_edition_is_not_begun_from_another(officer):
    hand_on(a_draft(officer), officer)
    [first] = published()
    later = writing.begin(hat=officer, fiscal_year=YEAR + 1, edition=first, at=AT)
    hand_on(later, officer)
    with pytest.raises(EditionThere):
        writing.begin(hat=officer, fiscal_year=YEAR + 1, edition=first, at=AT)


# ── Who ─────────────────────────────────────────────────────────────────────────────────────────────
def test_another_town_neither_sees_nor_writes_it(officer):
    draft = a_draft(officer)
    stranger = an_officer(a_town("とおい町"))
    assert not Draft.objects.visible_to(stranger).exists()
    with pytest.raises(NotAllowed):
        writing.write(draft=draft, document={}, version=draft.version, hat=stranger, at=AT)
    hand_on(draft, officer)
    [edition] = published()
    with pytest.raises(NotAllowed):
        writing.begin(hat=stranger, fiscal_year=YEAR, edition=edition, at=AT)
    with pytest.raises(NotAllowed):
        publishing.take_off(edition=edition, hat=stranger, at=AT)


def test_without_the_rule_anybody_would_write_it(officer, monkeypatch):
    draft = a_draft(officer)
    monkeypatch.setattr(rules, "can_write", lambda standing: None)
    stranger = an_officer(a_town("とおい町"))
    writing.write(draft=draft, document={"name": "別"}, version=draft.version, hat=stranger, at=AT)
    assert draft.name == "別"


def test_a_manager_of_the_prefecture_writes_any_programme(officer):
    hand_on(a_draft(officer), officer)
    prefecture = a_town("県", kind="prefecture")
    [edition] = published()
    assert queries.may_write(an_officer(prefecture, Role.MANAGER), edition.programme)
    assert not queries.may_write(an_officer(prefecture), edition.programme)


def test_an_adviser_writes_none(town):
    with pytest.raises(NotAllowed):
        writing.begin(hat=an_officer(town, Role.ADVISER), fiscal_year=YEAR, at=AT)


# ── The second person ───────────────────────────────────────────────────────────────────────────────
def test_where_two_are_wanted_a_colleague_approves(town, officer, colleague):
    two_are_wanted(town)
    draft = a_draft(officer)
    hand_on(draft, officer)
    assert (draft.state, published()) == (DraftState.WAITING, [])
    publishing.approve(draft=draft, version=draft.version, hat=colleague, at=AT)
    assert len(published()) == 1
    assert draft.approved_by_label == colleague.label


def test_what_would_be_over_at_once_is_not_approved(town, officer, colleague):
    two_are_wanted(town)
    draft = a_draft(officer)
    hand_on(draft, officer, expire_at=AT + timedelta(days=1))
    with pytest.raises(WrongMoment):
        publishing.approve(draft=draft, version=draft.version, hat=colleague, at=AT + timedelta(days=2))
    assert published() == []


def test_nobody_who_wrote_in_it_approves_it(town, officer, colleague):
    two_are_wanted(town)
    draft = a_draft(officer)
    writing.write(
        draft=draft, document={**draft.document, "who": "町"}, version=draft.version, hat=colleague, at=AT
    )
    hand_on(draft, colleague)
    for hat in (officer, colleague):
        with pytest.raises(NotAllowed):
            publishing.approve(draft=draft, version=draft.version, hat=hat, at=AT)
    assert published() == []


def test_without_the_rule_the_author_would_approve(town, officer, monkeypatch):
    two_are_wanted(town)
    draft = a_draft(officer)
    hand_on(draft, officer)
    monkeypatch.setattr(rules, "can_approve", lambda standing: None)
    publishing.approve(draft=draft, version=draft.version, hat=officer, at=AT)
    assert len(published()) == 1


def test_what_is_returned_goes_back_with_a_word(town, officer, colleague):
    two_are_wanted(town)
    draft = a_draft(officer)
    hand_on(draft, officer)
    with pytest.raises(ReasonMissing):
        publishing.give_back(draft=draft, version=draft.version, hat=colleague, at=AT)
    publishing.give_back(draft=draft, version=draft.version, hat=colleague, at=AT, why="上限を。")
    assert (draft.state, draft.returned) == (DraftState.WRITING, "上限を。")


def test_what_waits_is_not_changed_under_the_eyes_of_the_second_person(town, officer):
    two_are_wanted(town)
    draft = a_draft(officer)
    hand_on(draft, officer)
    with pytest.raises(NotAllowed):
        writing.write(draft=draft, document={}, version=draft.version, hat=officer, at=AT)


# ── At an instant ───────────────────────────────────────────────────────────────────────────────────
LATER = AT + timedelta(days=1)


def test_a_planned_draft_becomes_public_at_its_instant_and_once(officer):
    draft = a_draft(officer)
    hand_on(draft, officer, publish_at=LATER)
    assert planned.do_what_is_due(at=LATER - timedelta(seconds=1)) == 0
    assert planned.do_what_is_due(at=LATER) == 1
    assert planned.do_what_is_due(at=LATER) == 0
    assert len(published()) == 1


def test_two_workers_at_once_publish_it_once(officer):
    draft = a_draft(officer)
    hand_on(draft, officer, publish_at=LATER)
    [one], [other] = planned._due_to_publish(LATER), planned._due_to_publish(LATER)
    assert planned._publish(one, at=LATER)
    assert not planned._publish(other, at=LATER)
    assert [edition.revision for edition in published()] == [1]


def test_what_ends_is_taken_off_at_its_instant(officer):
    hand_on(a_draft(officer), officer, expire_at=LATER)
    assert planned.do_what_is_due(at=LATER) == 1
    assert published() == []


def test_what_was_corrected_meanwhile_does_not_end_with_the_revision_before(officer):
    hand_on(a_draft(officer), officer, expire_at=LATER)
    hand_on(a_draft(officer, edition=published()[0], who="町の店"), officer)
    planned.do_what_is_due(at=LATER)
    assert [edition.revision for edition in published()] == [2]


def test_an_instant_that_has_passed_is_refused(officer):
    with pytest.raises(WrongMoment):
        hand_on(a_draft(officer), officer, publish_at=AT)


def test_a_planned_draft_that_can_no_longer_be_published_goes_back_with_the_reason(officer, colleague):
    hand_on(a_draft(officer), officer)
    [first] = published()
    waiting = a_draft(officer, edition=first, who="あ")
    hand_on(waiting, officer, publish_at=LATER)
    hand_on(a_draft(colleague, edition=first, who="い"), colleague)
    assert planned.do_what_is_due(at=LATER) == 1
    waiting.refresh_from_db()
    assert waiting.state == DraftState.WRITING
    assert "ほかの版" in waiting.returned


# ── Undoing ─────────────────────────────────────────────────────────────────────────────────────────
def test_an_earlier_revision_comes_back_as_a_new_one(officer):
    hand_on(a_draft(officer), officer)
    [first] = published()
    hand_on(a_draft(officer, edition=first, who="まちがい"), officer)
    publishing.bring_back(edition=first, seen_id=published()[0].pk, hat=officer, at=AT)
    [now] = published()
    assert (now.revision, now.who, now.content_hash) == (3, "", first.content_hash)
    assert [each.edition.revision for each in queries.revisions_of(first.programme, YEAR)] == [3, 2, 1]


def test_what_was_published_meanwhile_is_not_undone_unseen(officer):
    hand_on(a_draft(officer), officer)
    [first] = published()
    hand_on(a_draft(officer, edition=first, who="急ぎの訂正"), officer)
    with pytest.raises(Conflict):
        publishing.bring_back(edition=first, seen_id=first.pk, hat=officer, at=AT)
    assert published()[0].who == "急ぎの訂正"


def test_where_two_are_wanted_nobody_brings_back_alone(town, officer):
    hand_on(a_draft(officer), officer)
    [first] = published()
    hand_on(a_draft(officer, edition=first, who="まちがい"), officer)
    two_are_wanted(town)
    with pytest.raises(NotAllowed):
        publishing.bring_back(edition=first, seen_id=published()[0].pk, hat=officer, at=AT)


def test_what_was_taken_off_comes_back(officer):
    hand_on(a_draft(officer), officer)
    [edition] = published()
    publishing.take_off(edition=edition, hat=officer, at=AT)
    assert published() == []
    publishing.bring_back(edition=edition, seen_id=None, hat=officer, at=AT)
    assert published()[0].state == EditionState.PUBLISHED
