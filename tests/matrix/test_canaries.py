"""Every text of a place carries its canary, or is named with a reason."""

import pytest
from django.db import transaction

from madoguchi.accounts.models import Membership
from madoguchi.accounts.roles import Role
from madoguchi.consultations.models import Case
from madoguchi.foundation import clock
from madoguchi.mail.models import Mail
from tests.consultations.cases import a_referral_outside
from tests.matrix import canaries

pytestmark = pytest.mark.django_db


def test_every_text_of_every_model_carries_the_canary(places):
    assert [name for place in places for name in canaries.unplanted(place)] == []


def test_every_exception_is_still_needed():
    names = {field.name for model in canaries.models_of_places() for field in model._meta.local_fields}
    assert set(canaries.NO_WORDS) <= names
    assert all([*canaries.NO_WORDS.values(), *canaries.NOT_OF_A_PLACE.values()])


def test_a_text_without_a_canary_is_named(places):
    """The twin: a text in which nothing was planted is found."""
    model = next(model for model in canaries.models_of_places() if model.__name__ == "Goal")
    rows = model._default_manager.filter(pk__in=places[0].rows[model])
    with transaction.atomic():
        rows.update(text="ほかの文")
        assert canaries.unplanted(places[0]) == ["Goal.text"]
        transaction.set_rollback(True)


def astray(places) -> list[str]:
    """Mails with the words of a place to somebody who is not of it."""
    wrong = []
    for place in places:
        own = set(
            Membership.objects.filter(organisation=place.organisation).values_list("user__email", flat=True)
        )
        own |= {place.owner.email, f"{place.canary}@example.jp"}
        for mail in Mail.objects.order_by("pk"):
            told = f"{mail.subject}{mail.text}{mail.html}{mail.invitation}"
            if place.canary in told and mail.to not in own:
                wrong.append(f"{mail.kind} to {mail.to}")
    return wrong


@pytest.fixture
def written(places):
    """The mails of a day: experts asked, and a referral of each place to somebody outside who is its own."""
    with transaction.atomic():
        for place in places:
            case = Case.objects.get(key=place.objects["case"][0])
            address = f"{place.canary}@example.jp"
            hat = place.hat(Role.ADVISER)
            a_referral_outside(case, hat, name=f"{place.canary}-2", email=address, at=clock.actual_now())
        yield places
        transaction.set_rollback(True)


def test_mails_with_words_of_a_place_go_to_its_own_people(written):
    assert Mail.objects.count() >= len(written)
    assert astray(written) == []


def test_a_mail_that_goes_astray_is_found(written):
    """The twin."""
    place = written[0]
    mail = Mail.objects.exclude(text="").order_by("pk")[0]
    Mail.objects.filter(pk=mail.pk).update(to=written[1].owner.email, text=place.canary)
    assert astray(written) == [f"{mail.kind} to {written[1].owner.email}"]
