from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from madoguchi.search.documents import Document
from madoguchi.search.engine import Engine, Settings
from madoguchi.search.index import Writer
from madoguchi.search.places import Place
from madoguchi.search.results import SearchRequest, SearchResult
from madoguchi.search.thesaurus import Thesaurus

ON = date(2025, 6, 1)

PLACES = (
    Place("00", "全国"),
    Place("90", "ミナト県", ("ミナト",), ("00",)),
    Place("90e", "東部圏域", (), ("90", "00")),
    Place("90201", "カモメ市", ("カモメ",), ("90e", "90", "00")),
    Place("90202", "チドリ市", ("チドリ",), ("90e", "90", "00")),
    Place("90301", "ツバメ町", ("ツバメ",), ("90", "00")),
)
THESAURUS = Thesaurus.from_groups(
    [
        {"words": ["IoT", "モノのインターネット"]},
        {"words": ["跡取り", "後継者"]},
        {"words": ["見本市", "展示会"]},
        {"words": ["雇う", "採用"]},
        {"from": ["借りる"], "to": ["融資", "貸付"]},
        {"from": ["店を出す"], "to": ["創業"]},
    ]
)
SETTINGS = Settings(
    type_factors={"project": 0.5},
    past_factors={"event": 0.5},
    industries={"E": (), "E09": ("E",), "E10": ("E",), "I": (), "I56": ("I",)},
)

Ask = Callable[..., SearchResult]
Index = Callable[..., Ask]


def document(key: str, name: str, **more: object) -> Document:
    return Document(key=key, type=str(more.pop("type", "programme")), name=name, **more)  # type: ignore[arg-type]


def engine(directory: Path) -> Engine:
    return Engine(directory, THESAURUS, PLACES, SETTINGS)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """Index some documents and return how to ask for them."""

    def of(*documents: Document) -> Ask:
        with Writer(tmp_path) as writer:
            writer.rebuild(documents)
        searching = engine(tmp_path)
        return lambda text="", **more: searching.search(
            SearchRequest(on=more.pop("on", ON), text=text, **more)
        )

    return of


def keys(result: SearchResult) -> list[str]:
    return [hit.key for hit in result.hits]
