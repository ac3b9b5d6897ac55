"""Stopping a series of mail from its link."""

import pytest
from django.test import Client

from madoguchi.mail import stops
from madoguchi.mail.kinds import Series
from madoguchi.mail.models import Stop

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(settings):
    return stops.url_of(stops.Way("hash", Series.DIGEST)).removeprefix(settings.SITE_URL)


def test_a_program_that_follows_the_link_stops_nothing(client, path):
    assert "週に1度のまとめ" in client.get(path).content.decode()
    assert not Stop.objects.exists()


def test_a_mail_program_stops_it_with_one_click(path):
    response = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert Stop.objects.get().series == Series.DIGEST


def test_who_stopped_it_may_begin_again(client, path):
    client.post(path)
    assert "やはり受け取る" in client.post(path).content.decode()
    client.post(path, {"resume": "1"})
    assert not Stop.objects.exists()


def test_a_link_that_we_did_not_make_leads_nowhere(client):
    assert client.post("/mail/stop/xyz/").status_code == 404
