"""What tells whether a record differs from the one that was loaded before."""

import pytest
from pydantic import BaseModel

from madoguchi.catalogue.models import Edition
from madoguchi.packs import sync
from madoguchi.packs.sync import digest
from tests import minato


class Point(BaseModel):
    text: str


class Record(BaseModel):
    name: str
    points: list[Point] = []


class GrownPoint(Point):
    note: str = ""


class GrownRecord(Record):
    points: list[GrownPoint] = []
    colours: list[str] = []
    size: int | None = None


WRITTEN = {"name": "甲", "points": [{"text": "乙"}]}


def test_a_field_that_the_schema_learns_changes_no_older_record():
    assert digest("desk", Record(**WRITTEN)) == digest("desk", GrownRecord(**WRITTEN))
    assert Record(**WRITTEN).model_dump_json() != GrownRecord(**WRITTEN).model_dump_json()


def test_a_default_that_is_written_out_changes_nothing():
    assert digest("desk", GrownRecord(**WRITTEN)) == digest("desk", GrownRecord(**WRITTEN, size=None))


@pytest.mark.parametrize(
    "more", [{"size": 1}, {"colours": ["赤"]}, {"points": [{"text": "乙", "note": "丙"}]}, {"name": "丁"}]
)
def test_a_record_that_says_more_or_something_else_differs(more):
    assert digest("desk", GrownRecord(**{**WRITTEN, **more})) != digest("desk", GrownRecord(**WRITTEN))


def test_what_derives_from_others_counts():
    assert digest("unit", Record(**WRITTEN), "県 甲") != digest("unit", Record(**WRITTEN), "市 甲")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["source", "organisation", "unit", "desk", "programme", "project", "event"])
def test_a_kind_that_is_loaded_differently_is_written_anew(pack, monkeypatch, kind):
    minato.loaded(pack)
    monkeypatch.setitem(sync.LOADERS, kind, sync.LOADERS[kind] + 1)
    assert list(minato.loaded(pack).changed) == [kind]
    assert not minato.loaded(pack)


@pytest.mark.django_db
def test_editions_that_are_loaded_differently_are_published_anew(pack, monkeypatch):
    minato.loaded(pack)
    monkeypatch.setitem(sync.LOADERS, "edition", 2)
    assert list(minato.loaded(pack).changed) == ["programme"]
    assert set(Edition.objects.filter(state="published").values_list("revision", flat=True)) == {2}


@pytest.mark.django_db
def test_listings_that_are_loaded_differently_are_written_anew(pack, monkeypatch):
    minato.loaded(pack)
    monkeypatch.setitem(sync.LOADERS, "listing", 2)
    assert list(minato.loaded(pack).changed) == ["listing"]


def test_a_kind_without_a_loader_is_a_mistake():
    with pytest.raises(KeyError):
        digest("gift", Record(**WRITTEN))
