"""The headings of 支援制度情報, of 2020 and of the newer 自治体標準オープンデータセット."""

from collections.abc import Sequence

from madoguchi.japan.text import fold

# What a column holds, and how it is headed; the order is that in which they are preferred.
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("制度番号", "ID", "NO", "番号"),
    "code": ("全国地方公共団体コード", "都道府県コード又は市区町村コード", "地方公共団体コード"),
    "body": ("地方公共団体名", "地方公共団体の名称"),
    "title": ("タイトル（制度名）", "制度名", "名称", "タイトル"),
    "subtitle": ("サブタイトル（通称）", "サブタイトル（通称名）", "通称"),
    "who": ("対象者",),
    "use": ("用途・対象物", "用途・対象費"),
    "areas": ("対象地域",),
    "towns": ("対象地域群",),
    "summary": ("概要", "制度概要"),
    "text": ("内容", "制度内容"),
    "amount": ("給付上限額", "給付金額", "補助上限額", "上限額"),
    "share": ("最大補助率", "補助率"),
    "staff": ("従業員条件", "従業員数"),
    "how": ("利用・申請方法", "申請方法"),
    "opens": ("受付開始日", "公募開始日"),
    "closes": ("受付終了日", "公募終了日"),
    "reception": ("受付備考", "公募備考"),
    "url": ("詳細URL", "詳細参照先", "URL"),
    "apply_url": ("電子申請URL", "申請方法URL"),
    "operator": ("実施組織・支援機関", "実施組織"),
    "contact": ("お問い合わせ先", "問い合わせ先", "連絡先名称"),
    "telephone": ("連絡先電話番号", "電話番号"),
    "industries": ("標準産業分類",),
    "keywords": ("キーワード",),
}


def places_of(headings: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each known column stands, and the headings that nobody knows."""
    folded = {_key(heading): place for place, heading in reversed(list(enumerate(headings)))}
    places: dict[str, int] = {}
    for name, writings in HEADINGS.items():
        found = next((folded[key] for key in map(_key, writings) if key in folded), None)
        if found is not None:
            places[name] = found
    known = {_key(writing) for writings in HEADINGS.values() for writing in writings}
    return places, [heading for heading in headings if heading and _key(heading) not in known]


def _key(heading: str) -> str:
    return fold(heading).replace(" ", "").replace("_", "")
