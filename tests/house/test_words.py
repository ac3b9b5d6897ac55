"""One spelling for one word in what people read."""

import re
from collections.abc import Mapping

from tests.house.places import ROOT, python_files, shown, templates

# What is not written, and what is.
_SPELLINGS = {
    "見つ": "みつかる",
    "もど[るりしすっれせ]": "戻る",
    "(?<!ま)ちが[いうえっわ]": "違う",
    "(?<=[がを限])すぎ": "過ぎる",
    "名前の挙が": "名前のあがった",
}
# The words of a model stand in its first migration too.
_KEPT = {"madoguchi/usage/models.py", "madoguchi/consultations/models/policy.py"}


def misspelt(texts: Mapping[str, str]) -> list[str]:
    """Files with another spelling than ours, and ours."""
    return [
        f"{name}: {ours}"
        for name, text in texts.items()
        for pattern, ours in _SPELLINGS.items()
        if re.search(pattern, text)
    ]


def test_a_word_has_one_spelling():
    guides = (ROOT / "docs" / "guide").glob("*.ja.md")
    files = [*python_files(), *templates().values(), *guides]
    texts = {shown(path): path.read_text(encoding="utf-8") for path in files}
    assert misspelt({name: text for name, text in texts.items() if name not in _KEPT}) == []


def test_other_spellings_are_found():
    wrong = {
        "a": "見つかる",
        "b": "案件にもどる",
        "c": "番号がちがう",
        "d": "期限すぎ",
        "e": "名前の挙がった人",
    }
    assert len(misspelt(wrong)) == len(wrong)
    assert misspelt({"f": "まちがいがあり、大きすぎます。"}) == []
