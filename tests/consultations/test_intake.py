"""An adviser takes a consultation in: all of it or nothing, once, and nobody sees more than they should."""

from datetime import date

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.businesses.errors import RegisteredElsewhere
from madoguchi.businesses.models import Business, Custody
from madoguchi.consultations.errors import AlreadySent, ConsentMissing, NotAllowed, TextMissing
from madoguchi.consultations.kinds import Channel, Visibility
from madoguchi.consultations.models import Case, Consent, Consultation, Draft, Note
from madoguchi.consultations.operations import drafts, intake, opening
from madoguchi.consultations.operations.intake import Intake
from madoguchi.consultations.operations.opening import Destination, Matter
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.institutions.models import Organisation
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat, an_organisation
from tests.businesses.businesses import a_business, on_the_books
from tests.consultations.requests import AT, a_policy, a_read_desk, a_topic

pytestmark = pytest.mark.django_db
A_TALK = Talk(channel=Channel.VISIT, held_on=date(2026, 11, 30), minutes=40)
NUMBER = "7000012050002"


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation("みほん商工会"))


def taken_in(
    hat, *, once: str = "once-1", topics=(), business=None, words="売りたい", area="", **changes
) -> Case:
    matter = Matter(
        title=words, channel=Channel.VISIT, words=words, topics=topics, business=business, area_code=area
    )
    return intake.take_in(intake=Intake(matter=matter, **changes), hat=hat, at=AT, once=once)


def test_it_is_ones_own_with_its_talk_and_its_note(hat):
    case = taken_in(hat, talk=A_TALK, body="はじめて話した")
    involvement = case.involvements.get()
    assert (involvement.adviser_id, involvement.state) == (hat.user_id, InvolvementState.WORKING)
    assert (involvement.sent_by, involvement.sent_by_organisation) == (None, None)
    talk = Consultation.objects.get()
    assert (talk.minutes, talk.is_first, talk.channel) == (40, True, "visit")
    assert Note.objects.get().consultation == talk


def test_somebody_of_an_organisation_that_the_pack_dropped_takes_cases_in(hat):
    Organisation.objects.filter(pk=hat.organisation_id).update(is_current=False)
    assert taken_in(hat).involvements.get().organisation_id == hat.organisation_id


def test_without_a_talk_a_note_alone_is_kept(hat):
    taken_in(hat, body="電話のメモ", visibility=Visibility.PERSONAL)
    assert not Consultation.objects.exists()
    assert Note.objects.get().visibility == Visibility.PERSONAL


def test_the_case_keeps_place_trade_and_size_of_its_business(hat):
    business = a_business(at=AT, area_code="131016", industry="09", employees=12)
    on_the_books(business, opening.Organisation.objects.get(pk=hat.organisation_id), at=AT)
    case = taken_in(hat, business=business)
    assert (case.business, case.area_code, case.industry, case.employees) == (business, "131016", "09", 12)
    assert Custody.objects.filter(business=business, ended_at=None).count() == 1


def test_a_new_business_is_on_the_books_from_then_on(hat):
    case = taken_in(hat, new_business={"name": "例示工房", "corporate_number": NUMBER, "is_founder": False})
    assert list(Business.objects.visible_to(hat)) == [case.business]
    assert Custody.objects.get().reason == "case"


def test_when_the_business_cannot_be_registered_no_case_is_opened(hat):
    other = an_organisation("よその機関")
    on_the_books(a_business("よその会社", at=AT, corporate_number=NUMBER), other, at=AT)
    with pytest.raises(RegisteredElsewhere):
        taken_in(hat, new_business={"name": "例示工房", "corporate_number": NUMBER})
    assert not Case.objects.exists()


def test_a_case_without_words_is_refused_and_nothing_stays(hat):
    with pytest.raises(TextMissing):
        taken_in(hat, words=" ", new_business={"name": "例示工房"})
    assert not Business.objects.exists()


def test_sent_twice_it_is_one_case_one_business_and_one_talk(hat):
    told = {"new_business": {"name": "例示工房"}, "talk": A_TALK, "body": "一度"}
    assert taken_in(hat, **told) == taken_in(hat, **told)
    assert (Case.objects.count(), Business.objects.count()) == (1, 1)
    assert (Consultation.objects.count(), Note.objects.count()) == (1, 1)


def test_sent_twice_at_the_same_moment_the_second_undoes_what_it_wrote(hat, monkeypatch):
    told = {"new_business": {"name": "例示工房"}, "talk": A_TALK}
    first = taken_in(hat, **told)
    # The second looked before the first was there.
    found, looks = Case.objects.filter, iter([Case.objects.none()])

    def look(**named):
        try:
            return next(looks)
        except StopIteration:
            return found(**named)

    monkeypatch.setattr(Case.objects, "filter", look)
    assert taken_in(hat, **told) == first
    assert Business.objects.count() == 1


@pytest.mark.parametrize("changes", [{"words": "借りたい"}, {"body": "べつの話"}], ids=["words", "note"])
def test_another_text_from_the_same_form_is_refused_and_not_thrown_away(hat, changes):
    taken_in(hat, body="一度")
    drafts.keep(form=drafts.INTAKE, content={"words": "もう一つ"}, hat=hat, at=AT)
    with pytest.raises(AlreadySent):
        taken_in(hat, **{"body": "一度"} | changes)
    assert Draft.objects.exists()
    assert Case.objects.count() == 1


def test_another_business_from_the_same_form_is_another_consultation(hat):
    organisation = opening.Organisation.objects.get(pk=hat.organisation_id)
    first, second = a_business("一", at=AT), a_business("二", at=AT)
    for each in (first, second):
        on_the_books(each, organisation, at=AT)
    taken_in(hat, business=first)
    with pytest.raises(AlreadySent):
        taken_in(hat, business=second)


def test_the_draft_goes_when_the_case_is_there(hat):
    drafts.keep(form=drafts.INTAKE, content={"words": "途中"}, hat=hat, at=AT)
    taken_in(hat)
    assert not Draft.objects.exists()


# ── Sending it on ───────────────────────────────────────────────────────────────────────────────────
def to(desk) -> Destination:
    return Destination(organisation=desk.organisation, desk=desk, because="相談員が選びました。")


def test_what_is_sent_to_another_organisation_is_theirs_with_the_consent(hat):
    a_policy()
    desk = a_read_desk("centre")
    business = a_business(at=AT)
    on_the_books(business, opening.Organisation.objects.get(pk=hat.organisation_id), at=AT)
    case = taken_in(hat, business=business, to=to(desk), is_agreed=True, body="電話で聞いた")
    assert (case.state, str(case.promised_on)) == (CaseState.NEW, "2026-12-03")
    assert not Case.objects.visible_to(hat).exists()
    there = a_hat(at=AT, organisation=desk.organisation)
    assert Case.objects.visible_to(there).get() == case
    assert Business.objects.visible_to(there).get() == business
    consent = Consent.objects.get()
    assert (consent.means, list(consent.organisations.all())) == ("spoken", [desk.organisation])
    assert case.number in Mail.objects.get(subject_id=case.pk).subject


def test_without_consent_nothing_is_sent(hat):
    with pytest.raises(ConsentMissing):
        taken_in(hat, to=to(a_read_desk("centre")))
    assert not Case.objects.exists()


def test_to_the_own_tray_no_consent_is_needed(hat):
    own = Destination(organisation=opening.Organisation.objects.get(pk=hat.organisation_id))
    case = taken_in(hat, to=own)
    assert case.state == CaseState.NEW
    assert Case.objects.visible_to(hat).get() == case
    assert not Consent.objects.exists()


def test_a_talk_is_recorded_by_who_keeps_the_case_alone(hat):
    with pytest.raises(NotAllowed):
        taken_in(hat, to=to(a_read_desk("centre")), is_agreed=True, talk=A_TALK)


def test_nobody_sends_on_a_note_that_its_reader_could_not_read(hat):
    with pytest.raises(NotAllowed):
        taken_in(
            hat, to=to(a_read_desk("centre")), is_agreed=True, body="内緒", visibility=Visibility.INTERNAL
        )


def test_a_secret_case_is_seen_by_who_took_it_in_and_by_no_colleague(hat):
    case = taken_in(hat, topics=[a_topic("succession", is_secret=True)])
    organisation = opening.Organisation.objects.get(pk=hat.organisation_id)
    assert Case.objects.visible_to(hat).get() == case
    assert not Case.objects.visible_to(a_hat(at=AT, organisation=organisation, role=Role.MANAGER)).exists()


def test_sent_on_it_is_seen_by_the_managers_there(hat):
    desk = a_read_desk("keeper")
    manager = a_hat(at=AT, organisation=desk.organisation, role=Role.MANAGER)
    adviser = a_hat(at=AT, organisation=desk.organisation)
    case = taken_in(hat, topics=[a_topic("succession", is_secret=True)], to=to(desk), is_agreed=True)
    assert Case.objects.visible_to(manager).get() == case
    assert not Case.objects.visible_to(adviser).exists()


def test_in_the_own_tray_a_secret_case_is_still_seen_by_who_heard_it(hat):
    own = Destination(organisation=opening.Organisation.objects.get(pk=hat.organisation_id))
    case = taken_in(hat, topics=[a_topic("succession", is_secret=True)], to=own)
    assert Case.objects.visible_to(hat).get() == case


# ── Drafts ──────────────────────────────────────────────────────────────────────────────────────────
def test_a_draft_is_ones_own_and_the_last_one_stands(hat):
    for words in ("はじめ", "つづき"):
        drafts.keep(form="note:abc", content={"body": words}, hat=hat, at=AT)
    assert drafts.kept(form="note:abc", hat=hat).content == {"body": "つづき"}
    assert drafts.kept(form="note:abc", hat=a_hat(at=AT, organisation=an_organisation())) is None


@pytest.mark.parametrize("form", ["", "Note", "note:", "note:../x", "x" * 61, "注"])
def test_a_draft_has_the_name_of_a_form(hat, form):
    with pytest.raises(drafts.DraftRefused):
        drafts.keep(form=form, content={}, hat=hat, at=AT)


def test_a_draft_has_a_limit(hat):
    with pytest.raises(drafts.DraftRefused):
        drafts.keep(form="intake", content={"words": "長" * drafts.MOST_BYTES}, hat=hat, at=AT)
