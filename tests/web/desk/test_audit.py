import re
from pathlib import Path

import pytest
from django.urls import reverse

from madoguchi.accounts import hats
from madoguchi.accounts.roles import Role
from madoguchi.consultations.operations.reading import read_case
from madoguchi.foundation.models import AuditEvent
from madoguchi.web.desk.shapes import deeds
from tests.accounts.people import a_member, a_person, an_organisation, sign_in
from tests.consultations.cases import AT, a_taken_case, a_topic, another_involvement

pytestmark = pytest.mark.django_db

URL, CSV = reverse("desk:audit"), reverse("desk:audit_csv")


@pytest.fixture
def organisation():
    return an_organisation("みほん商工会")


def someone(client, organisation, role=Role.AUDITOR, name="窓口 花子"):
    membership = a_member(at=AT, organisation=organisation, role=role, user=a_person(at=AT, name=name))
    sign_in(client, membership.user, membership)
    return hats.hat_of(membership.user, chosen=membership.pk, at=AT)


def shown(client, number):
    """The page without what differs in every answer."""
    page = client.get(URL, {"case": number}).content.decode().replace(number, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_an_auditor_learns_who_saw_a_case_and_nothing_of_what_is_in_it(client, organisation):
    adviser = someone(client, organisation, Role.ADVISER, "相談 太郎")
    case = a_taken_case(adviser, title="跡継ぎがいない", topics=[a_topic("事業承継", is_secret=True)])
    for _ in range(2):
        read_case(key=case.key, hat=adviser, at=AT)
    someone(client, organisation)
    page = client.get(URL, {"case": case.number}).content.decode()
    assert "相談 太郎" in page
    assert '読んだ回数">2<' in page
    assert "跡継ぎがいない" not in page


def test_people_of_another_organisation_who_saw_it_are_named_with_theirs(client, organisation):
    adviser = someone(client, organisation, Role.ADVISER)
    case, other = a_taken_case(adviser), an_organisation("引き継ぎ先")
    another_involvement(case, other)
    read_case(key=case.key, hat=someone(client, other, Role.ADVISER, "先方 次郎"), at=AT)
    someone(client, organisation)
    page = client.get(URL, {"case": case.number}).content.decode()
    assert "先方 次郎" in page
    assert "引き継ぎ先" in page


def test_a_foreign_case_and_one_that_does_not_exist_look_the_same(client, organisation):
    case = a_taken_case(someone(client, an_organisation(), Role.ADVISER))
    someone(client, organisation)
    foreign, absent = (shown(client, number) for number in (case.number, "2026-9999"))
    assert foreign == absent


def test_what_a_person_did_is_told_in_the_own_organisation_only(client, organisation):
    adviser = someone(client, organisation, Role.ADVISER)
    case = a_taken_case(adviser)
    read_case(key=case.key, hat=adviser, at=AT)
    someone(client, organisation)
    page = client.get(URL, {"person": adviser.user_id}).content.decode()
    assert "案件を読みました" in page
    assert case.number in page
    someone(client, an_organisation())
    page = client.get(URL, {"person": adviser.user_id}).content.decode()
    assert "案件を読みました" not in page


_RECORDED = re.compile(r'\b_?(?:say|record|audit)\(\s*"(?:\w+\.)?([a-z_]+)"')


@pytest.mark.parametrize("room", ["businesses", "consultations"])
def test_everything_that_a_person_does_has_words(room):
    code = "".join(path.read_text() for path in (Path("madoguchi") / room).rglob("*.py"))
    actions = {f"{room}.{action}" for action in _RECORDED.findall(code)}
    assert f"{room}.changed" in actions or f"{room}.case_closed" in actions
    assert sorted(actions - set(deeds.WORDS)) == []


def test_what_nobody_put_into_words_is_shown_by_its_name():
    assert deeds.in_words("somewhere.happened") == "somewhere.happened"


def test_taking_the_answer_out_is_on_record(client, organisation):
    adviser = someone(client, organisation, Role.ADVISER, "相談 太郎")
    case = a_taken_case(adviser)
    auditor = someone(client, organisation)
    assert "相談 太郎" in b"".join(client.get(CSV, {"case": case.number})).decode()
    assert "consultations.case_opened" in b"".join(client.get(CSV, {"person": adviser.user_id})).decode()
    events = AuditEvent.objects.filter(action="foundation.audit_exported", actor_id=str(auditor.user_id))
    assert events.count() == 2


@pytest.mark.parametrize("role", [Role.ADVISER, Role.OFFICER, Role.OPERATOR, Role.EXPERT])
def test_only_auditors_and_managers_may_ask(client, organisation, role):
    someone(client, organisation, role)
    assert client.get(URL).status_code == 403


def test_the_page_costs_the_same_for_one_visitor_and_twenty(
    client, organisation, django_assert_max_num_queries
):
    adviser = someone(client, organisation, Role.ADVISER)
    case = a_taken_case(adviser)
    colleagues = [someone(client, organisation, Role.ADVISER) for _ in range(20)]
    someone(client, organisation)
    with django_assert_max_num_queries(25) as first:
        client.get(URL, {"case": case.number})
    for colleague in colleagues:
        read_case(key=case.key, hat=colleague, at=AT)
    with django_assert_max_num_queries(len(first)):
        client.get(URL, {"case": case.number})
