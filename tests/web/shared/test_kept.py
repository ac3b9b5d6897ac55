"""What is kept until something is published, and no longer."""

import pytest
from django.utils import translation

from madoguchi.finding import indexing
from madoguchi.foundation import files
from madoguchi.web.shared import kept
from madoguchi.web.shared.kept import Kept, State

NOW = State((1, 1), "ja", 0)


@pytest.mark.parametrize(
    "other", [NOW._replace(stamp=(2, 1)), NOW._replace(language="en"), NOW._replace(minute=1)]
)
def test_a_value_is_kept_for_its_state_alone(other):
    values: Kept[str] = Kept(8)
    assert values.get(NOW, "key", lambda: "first") == "first"
    assert values.get(NOW, "key", lambda: "second") == "first"
    assert values.get(other, "key", lambda: "third") == "third"


def test_nothing_is_kept_where_there_is_no_index():
    values: Kept[str] = Kept(8)
    nowhere = NOW._replace(stamp=(0, 0))
    assert values.get(nowhere, "key", lambda: "first") == "first"
    assert values.get(nowhere, "key", lambda: "second") == "second"


def test_no_more_is_kept_than_may_be():
    values: Kept[int] = Kept(2)
    for number in range(5):
        values.get(NOW, number, lambda number=number: number)
    assert len(values._values) <= 2


def test_nothing_that_failed_is_kept():
    values: Kept[int] = Kept(2)
    with pytest.raises(ZeroDivisionError):
        values.get(NOW, "key", lambda: 1 // 0)
    assert values.get(NOW, "key", lambda: 7) == 7


def test_the_state_moves_with_what_was_published_and_with_the_language(settings, tmp_path):
    settings.INDEX_DIR = tmp_path
    before = kept.state()
    assert before.stamp == (0, 0)
    files.write_atomically(tmp_path / "changed", b"")
    after = kept.state()
    assert after.stamp == indexing.stamp() != before.stamp
    with translation.override("en"):
        assert kept.state().language == "en"
