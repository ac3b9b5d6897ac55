"""Rates are exact."""

from fractions import Fraction

import pytest

from madoguchi.catalogue.fields import FractionField
from madoguchi.catalogue.models import Frame


@pytest.mark.parametrize("written", ["2/3", "4/6", Fraction(2, 3)])
def test_two_thirds_are_stored_in_lowest_terms(written):
    assert FractionField(null=True).get_prep_value(written) == "2/3"


def test_nothing_stays_nothing():
    field = FractionField(null=True)
    assert (field.get_prep_value(None), field.from_db_value(None), field.to_python(None)) == (
        None,
        None,
        None,
    )


def test_a_rate_comes_back_as_it_went_in(published):
    published()
    assert Frame.objects.get().rate == Fraction(1, 2)
    assert Frame.objects.filter(rate="2/4").exists()
