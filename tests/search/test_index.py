"""What is on disk: one writer, many readers, and nothing half done."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.search import index as index_module
from madoguchi.search import segments
from madoguchi.search.documents import Document
from madoguchi.search.index import Differences, IndexBusyError, Reader, Writer
from madoguchi.search.results import SearchRequest, SearchResult
from tests.search.conftest import ON, document, engine, keys


def search(directory: Path, text: str = "", **more: object) -> SearchResult:
    return engine(directory).search(SearchRequest(on=ON, text=text, **more))  # type: ignore[arg-type]


def hashes(*documents: Document) -> dict[str, str]:
    return {each.key: each.content_hash for each in documents}


def test_a_reader_sees_a_commit_at_once(tmp_path: Path) -> None:
    searching = engine(tmp_path)
    request = SearchRequest(on=ON, text="融資")
    with Writer(tmp_path) as writer:
        writer.upsert([document("a", "融資")])
        assert searching.search(request).total == 0
        writer.commit()
        assert searching.search(request).total == 1
        writer.upsert([document("a", "補助金"), document("b", "融資")])
        writer.commit()
        assert keys(searching.search(request)) == ["b"]
        writer.delete(["b", "unknown"])
        writer.commit()
        assert searching.search(request).total == 0


def test_what_was_not_committed_is_forgotten(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        writer.upsert([document("a", "融資")])
    assert search(tmp_path).total == 0


def test_a_second_writer_is_turned_away(tmp_path: Path) -> None:
    with Writer(tmp_path), pytest.raises(IndexBusyError), Writer(tmp_path):
        pass


def test_without_the_lock_held_a_second_writer_may_come_in(tmp_path: Path) -> None:
    with Writer(tmp_path):
        pass
    with Writer(tmp_path) as writer:
        writer.upsert([document("a", "融資")])
        writer.commit()
    assert search(tmp_path).total == 1


def test_unchanged_documents_cost_no_commit(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        writer.rebuild([document("a", "融資")])
    before = sorted(path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != "writer.lock")
    with Writer(tmp_path) as writer:
        writer.upsert([document("a", "融資")])
        writer.commit()
    assert (
        sorted(path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != "writer.lock")
        == before
    )


def test_verify_names_what_is_missing_stale_and_surplus(tmp_path: Path) -> None:
    same, old, new = document("same", "融資"), document("changed", "旧"), document("changed", "新")
    with Writer(tmp_path) as writer:
        writer.rebuild([same, old, document("gone", "展示会")])
    found = Reader(tmp_path).verify(hashes(same, new, document("lost", "採用")))
    assert found == Differences(missing=("lost",), stale=("changed",), surplus=("gone",))
    assert found
    assert not Reader(tmp_path).verify(hashes(same, old, document("gone", "展示会")))


def test_a_rebuild_leaves_only_the_generation_before(tmp_path: Path) -> None:
    for name in ("一", "二", "三"):
        with Writer(tmp_path) as writer:
            writer.rebuild([document("a", name)])
    assert [path.name for path in sorted(tmp_path.iterdir()) if path.is_dir()] == ["000002", "000003"]
    assert [hit.name for hit in search(tmp_path).hits] == ["三"]


def test_a_reader_follows_a_rebuild_and_keeps_what_it_holds(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    with Writer(tmp_path) as writer:
        writer.rebuild([document("a", "一")])
        held = reader.snapshot()
        for name in ("二", "三"):
            writer.rebuild([document("a", name)])
    assert held.card(0)["name"] == "一"
    assert reader.snapshot().card(0)["name"] == "三"


def test_an_index_of_another_layout_reads_as_empty_and_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Writer(tmp_path) as writer:
        writer.rebuild([document("a", "融資")])
    monkeypatch.setattr(index_module, "LAYOUT", index_module.LAYOUT + 1)
    assert search(tmp_path).total == 0
    with Writer(tmp_path) as writer:
        writer.upsert([document("a", "融資")])
        writer.commit()
    assert search(tmp_path).total == 1


WORDS = ("融資", "展示会", "採用", "経営革新計画", "モノのインターネット")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 9), st.sampled_from((None, *WORDS)), st.integers(2023, 2025)), max_size=6
        ),
        max_size=14,
    )
)
def test_many_small_changes_end_where_one_rebuild_does(
    commits: list[list[tuple[int, str | None, int]]],
) -> None:
    stock: dict[str, Document] = {}
    with TemporaryDirectory() as name:
        little, whole = Path(name) / "little", Path(name) / "whole"
        with Writer(little) as writer:
            for changes in commits:
                for number, word, year in changes:
                    key = f"d{number}"
                    if word is None:
                        stock.pop(key, None)
                        writer.delete([key])
                    else:
                        stock[key] = _some(key, word, year)
                        writer.upsert([stock[key]])
                writer.commit()
        with Writer(whole) as writer:
            writer.rebuild(stock.values())
        assert not Reader(little).verify(hashes(*stock.values()))
        for text in ("", "融資", "IoT", "革新", "「計画」", "けいえいかくしん", "展示会の支援はありますか"):
            one, other = search(little, text), search(whole, text)
            assert (one.total, one.hits, one.facets) == (other.total, other.hits, other.facets), text


def _some(key: str, word: str, year: int) -> Document:
    return document(
        key,
        f"{word}支援",
        group=f"g{int(key[1:]) % 3}",
        fiscal_year=year,
        summary=f"{word}を支えます。",
        kinds=(word,),
        windows=((date(year, 4, 1), date(year, 12, 31)),),
        payload={"year": year},
    )


STEPS = ("segment", "manifest", "pointer", "tidy")
_CRASHING = """
import os, sys
from pathlib import Path
from madoguchi.search import index, segments
from tests.search.conftest import document

step, how, directory = sys.argv[1], sys.argv[2], Path(sys.argv[3])

def dying(*args, **more):
    os._exit(9)

def dying_at(name, inner):
    return lambda path, text: dying() if path.name == name else inner(path, text)

if step == "segment":
    def half(self, path):
        path.with_name(path.name + ".building").mkdir(parents=True)
        dying()
    segments.Segment.save = half
elif step == "manifest":
    index._replace = dying_at("manifest.json", index._replace)
elif step == "pointer":
    index._replace = dying_at("current", index._replace)
with index.Writer(directory) as writer:
    if step == "tidy":
        index.Writer._tidy = dying
    if how == "rebuild":
        writer.rebuild([document("new", "融資")])
    else:
        writer.upsert([document("new", "融資")])
        writer.commit()
"""


@pytest.mark.parametrize("how", ["rebuild", "commit"])
@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_leaves_the_old_state_or_the_new_one(tmp_path: Path, step: str, how: str) -> None:
    with Writer(tmp_path) as writer:
        writer.rebuild([document("old", "融資")])
    killed = subprocess.run(
        [sys.executable, "-c", _CRASHING, step, how, str(tmp_path)],
        check=False,
        env={**os.environ, "PYTHONPATH": "."},
    )
    # A commit into the current generation never touches the pointer: it lives to the end.
    assert killed.returncode == (0 if (step, how) == ("pointer", "commit") else 9)
    new = {"new"} if how == "rebuild" else {"old", "new"}
    assert set(keys(search(tmp_path, "融資"))) in ({"old"}, new)
    with Writer(tmp_path) as writer:
        writer.upsert([document("after", "融資")])
        writer.commit()
    assert set(keys(search(tmp_path, "融資"))) in ({"old", "after"}, new | {"after"})
    left = {path.name for path in tmp_path.rglob("*.building")}
    assert left == set()


def test_a_manifest_written_in_place_would_tear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of the crash test: without the rename a half-written manifest is what readers find."""
    with Writer(tmp_path) as writer:
        writer.rebuild([document("old", "融資")])
        monkeypatch.setattr(index_module, "_replace", _half)
        writer.upsert([document("new", "融資")])
        with pytest.raises(OSError, match="power cut"):
            writer.commit()
    # A reader survives it, but what was there before is gone; the crash test above still finds "old".
    assert keys(search(tmp_path)) == []
    with Writer(tmp_path) as writer:
        assert writer.begins_anew


def _half(path: Path, text: str) -> None:
    path.write_text(text[: len(text) // 2], "utf-8")
    raise OSError("power cut")


def test_a_segment_appears_only_when_it_is_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    rename: Callable[[Path, Path], Path] = Path.rename

    def watching(path: Path, target: Path) -> Path:
        seen.append(not target.exists() and (path / "signatures.json").exists())
        return rename(path, target)

    monkeypatch.setattr(segments.Path, "rename", watching)
    with Writer(tmp_path) as writer:
        writer.rebuild([document("a", "融資")])
    assert seen == [True]


def test_what_is_kept_of_a_document_is_given_again_and_not_beyond_its_state(tmp_path: Path) -> None:
    with Writer(tmp_path) as writer:
        writer.rebuild([document("a", "古い名前")])
    reader = Reader(tmp_path)
    before = reader.snapshot()
    assert before.card(0) is before.card(0)
    assert before.shown(0) is before.shown(0)
    with Writer(tmp_path) as writer:
        writer.rebuild([document("a", "新しい名前")])
    assert reader.snapshot().card(0)["name"] == "新しい名前"
    assert before.card(0)["name"] == "古い名前"
