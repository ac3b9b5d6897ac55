from madoguchi.foundation.errors import Conflict, DomainError


def test_an_error_shows_its_own_sentence():
    assert "更新" in str(Conflict())
    assert Conflict().code == "conflict"


def test_an_error_can_carry_the_sentence_of_its_case():
    assert str(DomainError("締切は昨日でした。")) == "締切は昨日でした。"
