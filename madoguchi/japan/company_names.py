"""Names of companies: the legal form they state, and the rest for comparison."""

import re
from functools import cache

from madoguchi.japan.text import fold

# The words in which a name states its form, as written or read, with the code of the fact `legal_form`.
_FORMS = {
    "株式会社": "kabushiki",
    "(株)": "kabushiki",
    "カブシキガイシャ": "kabushiki",
    "カブシキカイシャ": "kabushiki",
    "特例有限会社": "tokurei_yugen",
    "有限会社": "tokurei_yugen",
    "(有)": "tokurei_yugen",
    "ユウゲンガイシャ": "tokurei_yugen",
    "ユウゲンカイシャ": "tokurei_yugen",
    "合同会社": "godo",
    "(同)": "godo",
    "ゴウドウガイシャ": "godo",
    "合資会社": "goshi",
    "(資)": "goshi",
    "合名会社": "gomei",
    "(名)": "gomei",
    "特定非営利活動法人": "npo",
    "認定npo法人": "npo",
    "npo法人": "npo",
    "(特非)": "npo",
    "一般社団法人": "ippan",
    "一般財団法人": "ippan",
    "(一社)": "ippan",
    "(一財)": "ippan",
    "公益社団法人": "koeki",
    "公益財団法人": "koeki",
    "(公社)": "koeki",
    "(公財)": "koeki",
    "社会福祉法人": "social_welfare",
    "(福)": "social_welfare",
    "医療法人社団": "medical",
    "医療法人財団": "medical",
    "社会医療法人": "medical",
    "医療法人": "medical",
    "(医)": "medical",
    "学校法人": "school",
    "(学)": "school",
    "農事組合法人": "noji_kumiai",
    "事業協同組合": "jigyo_kyodo_kumiai",
    "協業組合": "kyogyo_kumiai",
    "企業組合": "kigyo_kumiai",
    "商工組合": "shoko_kumiai",
    "商店街振興組合": "shotengai_kumiai",
    "生活衛生同業組合": "seikatsu_eisei_kumiai",
    "有限責任事業組合": "llp",
}
# 「…事業協同組合」 is part of the name people say; only these forms are left away in talking.
_SILENT = {"kabushiki", "tokurei_yugen", "godo", "goshi", "gomei", "npo", "ippan", "koeki"} | {
    "social_welfare",
    "medical",
    "school",
    "noji_kumiai",
}
_NOT_SAID = re.compile(r"[\W_]+")


def legal_form_of(name: str) -> str:
    """Return the code of the form that a name states; empty when it states none."""
    folded = fold(name).replace(" ", "")
    return next((code for word, code in _words() if word in folded), "")


def fold_name(name: str) -> str:
    """Return a name for comparison: folded, in hiragana, without its legal form, spaces and marks.

    A name of nothing but these keeps them: something has to be there to compare.
    """
    folded = fold(name).replace(" ", "")
    said = folded
    for word, code in _words():
        if code in _SILENT:
            said = said.replace(word, "")
    return _NOT_SAID.sub("", fold(said, fold_kana=True)) or fold(folded, fold_kana=True)


def to_katakana(kana: str) -> str:
    """Return a reading in full-width katakana, as forms ask for it; other characters stay."""
    return fold(kana).upper().translate(_TO_KATAKANA)


_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@cache
def _words() -> tuple[tuple[str, str], ...]:
    """The longest first: 特例有限会社 before 有限会社."""
    return tuple(
        sorted(((fold(word), code) for word, code in _FORMS.items()), key=lambda item: -len(item[0]))
    )
