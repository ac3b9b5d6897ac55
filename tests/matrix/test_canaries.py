"""Every text of a place carries its canary, or is named with a reason."""

import pytest
from django.db import transaction

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
