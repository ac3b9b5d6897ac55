from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from madoguchi.config import env


def test_a_text_that_is_not_set_is_the_default(monkeypatch):
    monkeypatch.delenv("MADOGUCHI_X", raising=False)
    assert env.text("MADOGUCHI_X", "default") == "default"


def test_a_text_can_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("hidden\n", encoding="utf-8")
    monkeypatch.setenv("MADOGUCHI_X_FILE", str(tmp_path / "secret"))
    assert env.text("MADOGUCHI_X") == "hidden"


def test_a_file_that_cannot_be_read_stops_the_start(monkeypatch, tmp_path):
    monkeypatch.setenv("MADOGUCHI_X_FILE", str(tmp_path / "absent"))
    with pytest.raises(ImproperlyConfigured, match="MADOGUCHI_X_FILE"):
        env.text("MADOGUCHI_X")


@pytest.mark.parametrize(("raw", "meant"), [("1", True), ("Yes", True), ("off", False), ("0", False)])
def test_a_flag_is_understood(monkeypatch, raw, meant):
    monkeypatch.setenv("MADOGUCHI_X", raw)
    assert env.flag("MADOGUCHI_X", default=not meant) is meant


def test_an_empty_flag_is_the_default(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_X", "")
    assert env.flag("MADOGUCHI_X", default=True) is True


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (lambda: env.flag("MADOGUCHI_X", default=False), "perhaps"),
        (lambda: env.whole("MADOGUCHI_X", default=1), "many"),
        (lambda: env.day("MADOGUCHI_X"), "2023-02-30"),
    ],
)
def test_a_value_that_is_not_understood_stops_the_start(monkeypatch, read, raw):
    monkeypatch.setenv("MADOGUCHI_X", raw)
    with pytest.raises(ImproperlyConfigured, match=raw):
        read()


def test_numbers_dates_and_lists_are_read(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_N", "12")
    monkeypatch.setenv("MADOGUCHI_D", "2023-11-01")
    monkeypatch.setenv("MADOGUCHI_L", "a, ,b")
    assert env.whole("MADOGUCHI_N", default=0) == 12
    assert env.day("MADOGUCHI_D") == date(2023, 11, 1)
    assert env.words("MADOGUCHI_L") == ["a", "b"]


def test_numbers_and_dates_that_are_not_set_have_defaults(monkeypatch):
    monkeypatch.delenv("MADOGUCHI_X", raising=False)
    assert env.whole("MADOGUCHI_X", default=7) == 7
    assert env.day("MADOGUCHI_X") is None
