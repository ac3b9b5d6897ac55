"""Signs of a request that no person wrote."""

import pytest

from madoguchi.consultations import spam
from madoguchi.consultations.spam import Signs, held_because

A_PERSON = {"text": "首都圏で売りたい。うちのページは https://example.jp です。", "seconds": 40.0}


def because(**changes) -> str:
    return held_because(Signs(**(A_PERSON | changes)))


def test_what_a_person_writes_goes_on_at_once():
    assert because() == ""
    assert because(same_text=1, same_place=4) == ""


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"hidden_field": "http://spam.example"}, spam.HIDDEN_FIELD),
        ({"seconds": 4.9}, spam.TOO_QUICK),
        ({"seconds": None}, spam.TOO_QUICK),
        ({"seconds": -5.0}, spam.TOO_QUICK),
        ({"text": "http://a.example HTTPS://b.example www.c.example"}, spam.MANY_LINKS),
        ({"same_text": 2}, spam.SAME_TEXT),
        ({"same_place": 5}, spam.SAME_PLACE),
    ],
)
def test_each_sign_holds_it_and_says_why(changes, sign):
    assert because(**changes) == sign
