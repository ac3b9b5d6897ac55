"""約束 on the pages: made, changed and cancelled at a case; in calendars; on the page of the business."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse

from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import Appointment, CasePerson, Consultation
from madoguchi.consultations.operations import request_links
from madoguchi.consultations.queries.request_state import request_state
from madoguchi.foundation import clock
from tests.accounts.people import a_hat
from tests.consultations.appointments import a_passed_appointment, an_appointment
from tests.consultations.cases import a_taken_case, a_topic, its_organisation
from tests.queries import cost
from tests.web.desk.signed_in import a_desk, sign_in_as

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def hat(client, data_dir):
    return a_desk(client)


@pytest.fixture
def case(hat):
    return a_taken_case(hat, contact={"name": "三本 花子", "email": "shop@example.jp"})


@pytest.fixture
def secret(hat):
    return a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)], title="後継ぎの相談")


def tomorrow(hour=14, minute=0):
    return datetime.combine(clock.today() + timedelta(days=1), time(hour, minute), tzinfo=TOKYO)


def made(case, hat, **changes):
    given = {"starts_at": tomorrow(), "ends_at": tomorrow(15, 30)}
    return an_appointment(case, hat, at=clock.now(), **(given | changes))


def fields(hat, **changes):
    given = {
        "day": tomorrow().date().isoformat(),
        "begins": "14:00",
        "ends": "15:30",
        "place_kind": "visit",
        "place": "みほん町1-2",
        "note": "決算書",
        "adviser": hat.user_id,
        "once": "once-1",
    }
    return given | changes


def url(case, name, *more):
    return reverse(f"desk:{name}", args=[case.key, *more])


def text_of(response):
    return response.content.decode()


def test_an_appointment_is_made_and_shown_on_the_case(client, hat, case):
    assert client.get(url(case, "appointment_new")).status_code == 200
    response = client.post(url(case, "appointment_new"), fields(hat), follow=True)
    html = text_of(response)
    assert "約束を残しました。" in html
    assert "14:00〜15:30" in html
    assert "みほん町1-2" in html
    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.ends_at) == (tomorrow(), tomorrow(15, 30))
    client.post(url(case, "appointment_new"), fields(hat))
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"ends": "13:00"}, {"day": "2001-01-01"}, {"begins": "x"}, {"adviser": "999999"}, {"place_kind": "x"}],
)
def test_what_cannot_be_stands_again_as_it_was_typed(client, hat, case, changes):
    response = client.post(url(case, "appointment_new"), fields(hat, **changes))
    assert response.status_code == 422
    assert "みほん町1-2" in text_of(response)
    assert not Appointment.objects.exists()


def test_an_overlap_is_warned_about_and_not_refused(client, hat, case):
    made(case, hat)
    html = text_of(client.post(url(case, "appointment_new"), fields(hat, begins="15:00"), follow=True))
    assert "重なる約束があります" in html
    assert Appointment.objects.count() == 2
    html = text_of(
        client.post(
            url(case, "appointment_new"),
            fields(hat, begins="16:00", ends="17:00", once="once-2"),
            follow=True,
        )
    )
    assert "重なる約束" not in html


def test_it_is_changed_by_who_saw_how_it_stands(client, hat, case):
    appointment = made(case, hat)
    address = url(case, "appointment_change", appointment.pk)
    assert 'value="14:00"' in text_of(client.get(address))
    told = fields(hat, begins="10:00", ends="11:00", sequence=0)
    assert client.post(address, told).status_code == 302
    stale = client.post(address, told | {"begins": "08:00"})
    assert stale.status_code == 409
    assert "10:00〜11:00" in text_of(stale)
    appointment.refresh_from_db()
    assert appointment.starts_at == tomorrow(10)


def test_cancelling_asks_once_more(client, hat, case):
    appointment = made(case, hat)
    address = url(case, "appointment_cancel", appointment.pk)
    assert "取りやめますか" in text_of(client.get(address))
    assert "取りやめました" in text_of(client.post(address, {"sequence": "0"}, follow=True))
    assert client.get(address).status_code == 404
    assert client.get(url(case, "appointment_change", appointment.pk)).status_code == 404


def test_an_appointment_of_another_case_is_not_found_here(client, hat, case):
    appointment = made(a_taken_case(hat), hat)
    assert client.get(url(case, "appointment_change", appointment.pk)).status_code == 404


def test_a_passed_one_leads_to_the_record_of_the_talk(client, hat, case):
    starts_at = clock.now() - timedelta(hours=2)
    appointment = a_passed_appointment(case, hat, starts_at=starts_at)
    assert "話したことを記録する" in text_of(client.get(url(case, "case")))
    form = client.get(url(case, "case"), {"appointment": appointment.pk}).context["form"]
    begun = {name: form.initial[name] for name in ("channel", "held_on", "minutes", "place")}
    assert begun == {
        "channel": Channel.VISIT,
        "held_on": starts_at.astimezone(TOKYO).date(),
        "minutes": 90,
        "place": "みほん町1-2",
    }
    told = begun | {"body": "話した", "visibility": "shared", "held_at": "13:30"}
    client.post(url(case, "record"), told | {"channel": "visit"})
    assert Consultation.objects.get().held_at == time(13, 30)
    assert "話したことを記録する" not in text_of(client.get(url(case, "case")))


def test_it_stands_in_the_calendar_with_its_hours_and_among_what_is_for_today(client, hat, case):
    appointment = a_passed_appointment(case, hat, starts_at=clock.now())
    hours = f"{appointment.starts_at.astimezone(TOKYO):%H:%M}〜"
    assert hours in text_of(client.get("/desk/calendar/"))
    assert hours in text_of(client.get("/desk/"))
    colleague = a_hat(at=clock.actual_now(), organisation=its_organisation(hat))
    sign_in_as(client, colleague)
    assert hours not in text_of(client.get("/desk/calendar/")) + text_of(client.get("/desk/"))


@pytest.mark.parametrize("address", ["/desk/", "/desk/calendar/", "case", "state"])
def test_appointments_cost_the_same_for_one_and_for_twenty(client, hat, case, address):
    request_links.make_state_link(case, at=clock.now())
    place = {
        "case": url(case, "case"),
        "state": reverse("portal:consult_state", args=[request_links.state_secret(case)]),
    }.get(address, address)

    def add():
        a_passed_appointment(case, hat, starts_at=clock.now() + timedelta(seconds=5))
        a_passed_appointment(a_taken_case(hat), hat, starts_at=clock.now() - timedelta(seconds=5))

    add()
    client.get(place)
    one = cost(lambda: client.get(place))
    for _ in range(19):
        add()
    assert cost(lambda: client.get(place)) == one


# ── The feed ────────────────────────────────────────────────────────────────────────────────────────
def entries(client):
    client.post(reverse("desk:calendar_renew"))
    address = client.get("/desk/calendar/").context["feed_url"]
    content = client.get(address).content
    return content.decode().replace("\r\n ", ""), icalendar.Calendar.from_ical(content).walk("VEVENT")


def test_the_feed_has_it_with_its_time_and_number(client, hat, case):
    appointment = made(case, hat)
    text, (entry,) = entries(client)
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (appointment.starts_at, appointment.ends_at)
    assert entry["summary"] == f"{case.number} 約束"
    assert "みほん町" not in text


def test_the_feed_of_a_secret_case_has_no_words(client, hat, secret):
    made(secret, hat)
    text, (entry,) = entries(client)
    assert entry["summary"] == secret.number
    assert not [word for word in ("約束", "訪問", "みほん町", "後継ぎ", "承継") if word in text]


def test_the_feed_ends_for_who_is_no_longer_named(client, hat, secret):
    made(secret, hat)
    assert len(entries(client)[1]) == 1
    CasePerson.objects.filter(case=secret).update(until=clock.now())
    assert len(entries(client)[1]) == 0


# ── The page of the business ────────────────────────────────────────────────────────────────────────
@pytest.fixture
def state_url(case):
    request_links.make_state_link(case, at=clock.now())
    return reverse("portal:consult_state", args=[request_links.state_secret(case)])


def test_the_business_sees_it_and_takes_it_into_its_calendar(client, hat, case, state_url):
    appointment = made(case, hat)
    client.logout()
    html = text_of(client.get(state_url))
    assert "14:00〜15:30" in html
    assert hat.label not in html
    response = client.get(f"{state_url}appointments/{appointment.pk}.ics")
    calendar = icalendar.Calendar.from_ical(response.content)
    (entry,) = calendar.walk("VEVENT")
    assert (calendar["method"], entry["uid"]) == ("PUBLISH", appointment.uid)
    assert "attendee" not in entry


def test_a_cancelled_one_and_one_of_another_case_are_no_files(client, hat, case, state_url):
    other = made(a_taken_case(hat), hat)
    cancelled = made(case, hat)
    Appointment.objects.filter(pk=cancelled.pk).update(cancelled_at=clock.now())
    for each in (other, cancelled):
        assert client.get(f"{state_url}appointments/{each.pk}.ics").status_code == 404
    assert request_state(case, on=clock.today()).appointments == []
