"""A business's own request: received once, routed, promised, seen by its link, nudged, withdrawn."""

from datetime import date, timedelta

import pytest

from madoguchi.consultations import rules
from madoguchi.consultations.errors import AlreadySent, NotAllowed, TextMissing
from madoguchi.consultations.kinds import DeclineReason
from madoguchi.consultations.models import Case, CasePerson, Consent, Link
from madoguchi.consultations.operations import (
    chasing,
    holding,
    moves,
    request_links,
    requester,
    requests,
)
from madoguchi.consultations.queries.request_state import request_state
from madoguchi.consultations.queries.routing import BUSINESS_CHOSE, ITS_PROGRAMME, NO_RULE, SEVERAL_DESKS
from madoguchi.consultations.states import CaseState
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from tests import factories
from tests.consultations.requests import (
    AT,
    PROMISED,
    THE_BUSINESS,
    a_manager,
    a_policy,
    a_read_desk,
    a_region,
    a_rule,
    a_topic,
    an_adviser,
    close,
    received,
)
from tests.consultations.test_moves import take
from tests.queries import cost

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=4)
AFTER = PROMISED + timedelta(days=1)


def receipts():
    return Mail.objects.filter(kind="consultations.request_received")


def lead(case: Case):
    return case.involvements.select_related("desk").get(is_lead=True)


# ── Receiving ───────────────────────────────────────────────────────────────────────────────────────
def test_a_request_waits_at_the_desk_that_its_rule_names_and_says_why():
    desk = a_read_desk("market")
    a_region(market=desk)
    case = received(topics=[a_topic("market")])
    assert (case.state, case.number, case.promised_on) == (CaseState.NEW, "2026-0001", PROMISED)
    assert (lead(case).desk, lead(case).routed_because) == (desk, "marketが受けます。")
    assert Case.objects.visible_to(an_adviser(desk)).get() == case


def test_a_request_without_words_is_refused():
    a_region()
    with pytest.raises(TextMissing):
        received(words=" \n ")


def test_before_a_region_is_loaded_there_is_nobody_to_ask():
    with pytest.raises(NotAllowed):
        received()


def test_a_request_sent_twice_is_one_case_with_one_link_and_one_mail():
    a_region()
    told = {"once": "the-same", "contact": {"email": "shop@example.jp"}}
    assert received(**told) == received(**told)
    assert (Case.objects.count(), Link.objects.count(), receipts().count()) == (1, 1, 1)
    assert Consent.objects.count() == 1


def test_other_words_from_the_same_form_are_refused_and_not_thrown_away():
    a_region()
    received(once="once-1")
    with pytest.raises(AlreadySent):
        received("お金を借りたい", once="once-1")


def test_the_title_is_the_beginning_of_what_was_written():
    assert requests.title_of("\n  売りたい \nそれと借りたい") == "売りたい"
    assert len(requests.title_of("長" * 500)) == requests.LONGEST_TITLE


def test_topics_for_different_desks_go_to_the_general_one():
    one, other = a_read_desk("one"), a_read_desk("other")
    general = a_region(market=one, funding=other)
    case = received(topics=[a_topic("market"), a_topic("funding")])
    assert (lead(case).desk, lead(case).routed_because) == (general, SEVERAL_DESKS)


def test_without_rules_the_general_desk_has_it():
    general = a_read_desk("general")
    factories.a_region(general)
    case = received()
    assert (lead(case).desk, lead(case).routed_because) == (general, NO_RULE)


def test_a_desk_where_nobody_reads_would_lose_it_so_the_general_one_has_it():
    silent = factories.a_desk("silent")
    general = a_region(market=silent)
    topic = a_topic("market")
    case = received(topics=[topic])
    assert lead(case).desk == general
    assert "silent" in lead(case).routed_because
    an_adviser(silent)
    assert lead(received(topics=[topic])).desk == silent


def test_a_desk_that_no_longer_stands_hands_on():
    gone = a_read_desk("gone", valid_until=date(2026, 11, 29))
    general = a_region(market=gone)
    assert lead(received(topics=[a_topic("market")])).desk == general


def test_an_absent_desk_is_stood_in_for():
    away, other = a_read_desk("away"), a_read_desk("other")
    factories.a_region(a_read_desk("general"))
    row = {"desk": "away", "from": "2026-11-30", "until": "2026-12-04", "instead": "other", "note": "研修"}
    a_policy(absences=[row])
    a_rule(away)
    case = received()
    assert lead(case).desk == other
    assert "研修" in lead(case).routed_because


def test_the_desk_that_the_business_chose_has_it():
    chosen = a_read_desk("chosen")
    a_region()
    case = received(chosen_desk="chosen")
    assert (lead(case).desk, lead(case).routed_because) == (chosen, BUSINESS_CHOSE)
    assert lead(received(chosen_desk="nobody")).desk.slug == "general"


def a_programme(*desks, **fields):
    edition = factories.an_edition("hanro", **fields)
    edition.programme.desks.set(desks)
    return edition


def test_the_desk_of_the_programme_that_the_business_came_from_goes_before_the_rules():
    own = a_read_desk("own")
    a_programme(own)
    a_region(market=a_read_desk("market"))
    case = received(topics=[a_topic("market")], programme="hanro")
    assert (lead(case).desk, lead(case).routed_because) == (own, ITS_PROGRAMME)


def test_the_desk_that_an_edition_prints_goes_before_the_others_of_the_programme():
    own, printed = a_read_desk("own"), a_read_desk("printed")
    a_programme(own, contacts=[{"desk": printed}])
    a_region()
    assert lead(received(programme="hanro")).desk == printed


def test_of_several_desks_of_a_programme_the_one_that_serves_the_place_has_it():
    near, far = a_read_desk("near-desk", covers=["near"]), a_read_desk("far-desk", covers=["far"])
    a_programme(near, far)
    a_region()
    assert lead(received(programme="hanro", area_code=factories.FAR)).desk == far
    assert lead(received(programme="hanro")).desk.slug == "general"


def test_a_secret_topic_goes_by_the_rules_whatever_programme_it_came_from():
    a_programme(a_read_desk("own"))
    a_region(succession=a_read_desk("succession"))
    case = received(topics=[a_topic("succession", is_secret=True)], programme="hanro")
    assert lead(case).desk.slug == "succession"


def test_the_desk_that_the_business_chose_goes_before_that_of_the_programme():
    a_programme(a_read_desk("own"))
    chosen = a_read_desk("chosen")
    a_region()
    assert lead(received(programme="hanro", chosen_desk="chosen")).desk == chosen


def test_a_programme_whose_desk_nobody_reads_leaves_it_to_the_rules():
    a_programme(factories.a_desk("unread"))
    a_region(market=a_read_desk("market"))
    assert lead(received(topics=[a_topic("market")], programme="hanro")).desk.slug == "market"
    assert lead(received(programme="nothing")).desk.slug == "general"


def test_who_may_be_asked_is_read_with_the_same_queries_however_many_rules_there_are():
    general = a_region()
    topic = a_topic("market")
    received(topics=[topic])

    def queries() -> int:
        return cost(lambda: received(topics=[topic]))

    before = queries()
    for number in range(20):
        a_rule(a_read_desk(f"desk-{number}"), topics=[f"topic-{number}"])
    assert queries() == before
    assert lead(received(topics=[topic])).desk == general


# ── Secret matters ──────────────────────────────────────────────────────────────────────────────────
def test_a_secret_request_is_told_to_the_managers_of_its_desk_and_to_nobody_else():
    keeper = a_read_desk("keeper")
    manager, adviser = a_manager(keeper), an_adviser(keeper)
    a_region(succession=keeper)
    case = received(topics=[a_topic("succession", is_secret=True)])
    assert list(Case.objects.visible_to(manager)) == [case]
    assert not Case.objects.visible_to(adviser).exists()


def test_unless_the_managers_were_named_nobody_could_take_it():
    keeper = a_read_desk("keeper")
    manager = a_manager(keeper)
    a_region(succession=keeper)
    received(topics=[a_topic("succession", is_secret=True)])
    CasePerson.objects.all().delete()
    assert not Case.objects.visible_to(manager).exists()


def test_an_ordinary_request_names_nobody():
    a_manager(a_region())
    received()
    assert not CasePerson.objects.exists()


# ── Consent, mail and link ──────────────────────────────────────────────────────────────────────────
def test_sharing_with_the_desk_and_with_others_are_two_consents():
    general = a_region()
    received()
    consent = Consent.objects.get()
    assert (consent.is_general, list(consent.organisations.all())) == (False, [general.organisation])
    received(shares_with_others=True)
    assert Consent.objects.filter(is_general=True).count() == 1


def test_the_mail_names_number_desk_telephone_and_day_but_nothing_of_the_matter():
    a_region()
    case = received("資金がもうすぐ尽きます", contact={"email": "shop@example.jp"})
    mail = receipts().get()
    for told in (case.number, "general", "03-0000-0001", "12月3日", request_links.state_secret(case)):
        assert told in mail.text
    assert "資金" not in mail.text + mail.html + mail.subject


def test_without_an_address_no_mail_is_sent():
    a_region()
    received(contact={"telephone": "03-0000-0000"})
    assert not receipts().exists()


def test_who_reads_at_the_desk_is_told_that_something_waits_but_not_what():
    desk = a_region()
    case = received("資金がもうすぐ尽きます")
    mail = Mail.objects.get(kind="consultations.requested")
    assert case.number in mail.subject
    assert "資金" not in mail.text + mail.html + mail.subject
    requester.withdraw(case=case, requester=THE_BUSINESS, at=LATER)
    assert Mail.objects.filter(kind="consultations.withdrawn").count() == 1
    assert desk.organisation_id == lead(case).organisation_id


def test_the_link_opens_the_request_and_the_reading_is_on_record():
    a_region()
    case = received()
    assert request_links.follow_state_link(secret=request_links.state_secret(case), at=AT) == case
    event = AuditEvent.objects.get(action="consultations.case_read")
    assert (event.subject_id, event.actor_label) == (str(case.pk), "anonymous")


def test_the_secret_of_a_link_is_not_kept():
    a_region()
    secret = request_links.state_secret(received())
    assert secret not in Link.objects.get().secret_hash
    assert not Link.objects.filter(secret_hash=secret).exists()


@pytest.mark.parametrize("secret", ["", "0" * 40, "たしかにちがう"])
def test_a_wrong_link_and_one_that_ran_out_open_nothing(secret):
    a_region()
    case = received()
    with pytest.raises(Case.DoesNotExist):
        request_links.follow_state_link(secret=secret, at=AT)
    with pytest.raises(Case.DoesNotExist):
        request_links.follow_state_link(secret=request_links.state_secret(case), at=AT + request_links.KEPT)
    assert not AuditEvent.objects.filter(action="consultations.case_read").exists()


# ── Held for spam ───────────────────────────────────────────────────────────────────────────────────
def test_a_held_request_is_kept_and_seen_by_those_it_was_routed_to():
    desk = a_region()
    case = received(held_because="速すぎます。")
    assert case.state == CaseState.HELD
    assert Case.objects.visible_to(an_adviser(desk)).get() == case


def test_a_held_request_is_neither_taken_nor_declined_nor_closed():
    desk = a_region()
    case, hat = received(held_because="速すぎます。"), an_adviser(desk)
    for move in (
        lambda: take(lead(case), hat),
        lambda: moves.decline(
            involvement=lead(case), reason=DeclineReason.NO_CAPACITY, note="", hat=hat, at=AT
        ),
        lambda: close(case, hat, at=LATER),
    ):
        with pytest.raises(NotAllowed, match="確認待ち"):
            move()
    holding.release(case=case, hat=hat, at=AT)
    take(lead(case), hat)


def test_who_works_on_a_case_does_not_while_it_is_held():
    desk = a_region()
    case, hat = received(), an_adviser(desk)
    take(lead(case), hat)
    assert rules.can_work(moves.standing_of(lead(case), hat)) is None
    Case.objects.update(state=CaseState.HELD, held_because="速すぎます。")
    case.refresh_from_db()
    assert rules.can_work(moves.standing_of(lead(case), hat)) == rules.CASE_HELD


def test_a_held_request_that_is_withdrawn_tells_nobody_not_even_when_it_is_released():
    desk = a_region()
    an_adviser(desk)
    case = received(held_because="速すぎます。", contact={"email": "shop@example.jp"})
    assert not request_state(case, on=AFTER).is_running
    requester.withdraw(case=case, requester=THE_BUSINESS, at=LATER)
    holding.release(case=case, hat=an_adviser(desk), at=LATER)
    assert not Mail.objects.exists()


def test_a_request_that_is_not_held_is_withdrawn_with_a_mail_to_the_desk():
    a_region()
    requester.withdraw(case=received(), requester=THE_BUSINESS, at=LATER)
    assert Mail.objects.filter(kind="consultations.withdrawn").exists()


def test_a_released_request_goes_its_way():
    desk = a_region()
    case, hat = received(held_because="速すぎます。"), an_adviser(desk)
    holding.release(case=case, hat=hat, at=AT)
    assert (case.state, case.held_because) == (CaseState.NEW, "")
    take(lead(case), hat)
    case.refresh_from_db()
    assert case.state == CaseState.WORKING


def test_the_promise_and_the_receipt_begin_with_the_release():
    desk = a_region()
    case = received(held_because="速すぎます。", contact={"email": "shop@example.jp"})
    assert not Mail.objects.exists()
    holding.release(case=case, hat=an_adviser(desk), at=LATER)
    assert case.promised_on == date(2026, 12, 9)
    assert receipts().count() == 1


def test_the_ladder_begins_with_the_release():
    desk = a_region()
    case = received(held_because="速すぎます。")
    holding.release(case=case, hat=an_adviser(desk), at=LATER)
    assert lead(case).sent_at == LATER
    assert chasing.chase(on=LATER.date(), at=LATER, access_at=LATER) == 0


def test_a_discarded_request_is_kept_and_can_be_released_still():
    desk = a_region()
    case, hat = received(held_because="速すぎます。"), an_adviser(desk)
    holding.discard(case=case, hat=hat, at=AT)
    assert (case.state, Case.objects.count()) == (CaseState.CLOSED, 1)
    holding.release(case=case, hat=hat, at=AT)
    assert case.state == CaseState.NEW
    actions = AuditEvent.objects.filter(subject_id=case.pk).order_by("pk").values_list("action", flat=True)
    assert list(actions)[-2:] == ["consultations.case_discarded", "consultations.case_released"]


def test_what_is_not_held_cannot_be_discarded():
    desk = a_region()
    case, hat = received(), an_adviser(desk)
    for judge in (holding.discard, holding.release):
        with pytest.raises(Conflict):
            judge(case=case, hat=hat, at=AT)
    case.refresh_from_db()
    assert case.state == CaseState.NEW


def test_another_organisation_judges_nothing():
    a_region()
    case = received(held_because="速すぎます。")
    with pytest.raises(NotAllowed):
        holding.discard(case=case, hat=an_adviser(a_read_desk("other")), at=AT)
