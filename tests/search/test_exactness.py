"""Whatever stands in a name can be found by it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.search.index import Writer
from madoguchi.search.results import SearchRequest
from madoguchi.search.text import fold_field
from tests.search.conftest import ON, document, engine

NAMES = (
    "中小企業経営革新計画の承認",
    "小規模事業者持続化補助金（一般型）",
    "ものづくり・商業・サービス生産性向上促進",
    "ＩＴ導入補助金2025",
    "カモメ市創業者支援ローン「はばたき」",
    "若年者ＵＩＪターン就職相談",
    "LPガス料金高騰対策支援金",
    "専門家派遣（エキスパート・バンク）",
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_piece_of_a_name_finds_it_as_a_phrase(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    begin = data.draw(st.integers(0, len(name) - 1))
    piece = name[begin : begin + data.draw(st.integers(1, 12))].translate(str.maketrans("「」", "  "))
    if fold_field(piece)[1] and " " not in piece:
        assert NAMES.index(name) in _search(f'"{piece}"')


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_pair_of_characters_of_a_name_finds_it(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    begin = data.draw(st.integers(0, len(name) - 2))
    pair = name[begin : begin + 2]
    if pair.isalnum():
        assert NAMES.index(name) in _search(pair)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_an_avoided_piece_never_appears(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    begin = data.draw(st.integers(0, len(name) - 2))
    piece = name[begin : begin + data.draw(st.integers(2, 6))]
    if piece.isalnum():
        folded = fold_field(piece)[1]
        holding = {number for number, each in enumerate(NAMES) if folded in fold_field(each)[1]}
        assert not holding & _search(f"-{piece}")


_DIRECTORY = TemporaryDirectory()
_ENGINES = []


def _search(text: str) -> set[int]:
    if not _ENGINES:
        with Writer(Path(_DIRECTORY.name)) as writer:
            writer.rebuild(document(str(number), name) for number, name in enumerate(NAMES))
        _ENGINES.append(engine(Path(_DIRECTORY.name)))
    result = _ENGINES[0].search(SearchRequest(on=ON, text=text, limit=len(NAMES)))
    return {int(hit.key) for hit in result.hits}
