"""What somebody searched for, as it stands in mail to any address."""

import pytest

from madoguchi.alerts import describing
from madoguchi.alerts.kinds import Kind


@pytest.mark.parametrize(
    "typed", ["https://evil.example 融資", "融資 www.evil.example", "融資 a@evil.example"]
)
def test_words_that_lead_elsewhere_are_left_out(typed):
    assert describing.describe(Kind.SEARCH, [["q", typed]]) == "「融資」"


def test_a_long_text_is_cut():
    assert len(describing.describe(Kind.SEARCH, [["q", "還付金の手続き " * 40]])) <= 62
