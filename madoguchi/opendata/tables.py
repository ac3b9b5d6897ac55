"""CSV in the columns of the national standards, each column with what it holds.

支援制度 is the format for support information of 2020 (内閣官房・総務省・経済産業省), イベント一覧 and
公共施設一覧 are those of the 推奨データセット. Lists are parted by ";", days are ISO 8601. What the standard
asks and no document says is empty.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from madoguchi.foundation.sheets import Value
from madoguchi.foundation.words import gettext_noop
from madoguchi.institutions.models import Region
from madoguchi.japan import areas
from madoguchi.opendata import shapes

Row = TypeVar("Row")

_TITLE, _SHORT, _TEXT, _BODY, _CONTACTS, _BODIES, _WORD = 40, 200, 500, 5000, 1000, 100, 20
_RECEPTION = {
    "window": "",
    "rolling": "随時受け付け",
    "booking": "予約制",
    "ended": "受付終了",
    "not_stated": "受付期間の記載なし",
}
_COST_BASIS = {"budget": "予算", "supplementary": "補正予算", "settled": "決算", "not_stated": "記載なし"}


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its heading, what stands in it, and how it is filled."""

    name: str
    what: str
    of: Callable[[Row, Region], Value]


def filled(columns: Sequence[Column[Row]], rows: Iterable[Row], region: Region) -> Iterator[list[Value]]:
    """The cells of a table."""
    for row in rows:
        yield [column.of(row, region) for column in columns]


def _empty(name: str) -> Column[Row]:
    return Column(name, gettext_noop("資料にないので、空です"), lambda _row, _region: "")


def _cut(text: str, most: int) -> str:
    """At most so many characters; where something is left out, the last one says so."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _labels(rows: Iterable[shapes.Coded]) -> str:
    return ";".join(row.label for row in rows)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _prefectures(codes: Iterable[shapes.Coded], region: Region) -> str:
    """The prefectures of some areas, by name; the nation is every one, which the standard leaves empty."""
    found = []
    for row in codes:
        if row.code == areas.NATION:
            return ""
        above = areas.prefecture_of(row.code) if row.code.isdigit() else None
        found.append(above.name if above else region.prefecture_name)
    return ";".join(dict.fromkeys(found))


def _municipalities(codes: Iterable[shapes.Coded], region: Region) -> str:
    members = {row["code"]: row["members"] for row in region.groupings}
    found: list[str] = []
    for row in codes:
        found += [code for code in members.get(row.code, [row.code]) if code.isdigit()]
    return ";".join(areas.get(code).name for code in found if areas.get(code).is_municipality)


def _town(area: shapes.Coded | None) -> str:
    is_town = area is not None and area.code.isdigit() and areas.get(area.code).is_municipality
    return area.label if area is not None and is_town else ""


def _who(edition: shapes.Edition) -> str:
    return _cut(_lines(edition.who, *(point.text for point in edition.requirements)), _TEXT)


def _content(edition: shapes.Edition) -> str:
    frames = (
        "　".join(
            part
            for part in (
                frame.name,
                f"補助率 {frame.rate}" if frame.rate else "",
                f"上限 {frame.cap_yen:,}円" if frame.cap_yen is not None else "",
                f"{frame.amount_yen:,}円" if frame.amount_yen is not None else "",
            )
            if part
        )
        for frame in edition.frames
    )
    return _cut(_lines(*(point.text for point in edition.benefits), *frames), _BODY)


def _day(instant: str | None, *, ends: bool = False) -> str:
    """The day of an instant. An end at midnight is the day before: a window does not hold its end."""
    if instant is None:
        return ""
    moment = datetime.fromisoformat(instant)
    return (moment - timedelta(seconds=1) if ends else moment).date().isoformat()


def _opens(edition: shapes.Edition, _region: Region) -> Value:
    return min((_day(window.opens_at) for window in edition.reception.windows), default="")


def _closes(edition: shapes.Edition, _region: Region) -> Value:
    return max((_day(window.closes_at, ends=True) for window in edition.reception.windows), default="")


def _contact(row: shapes.Contact) -> str:
    extension = f"（内線{row.extension}）" if row.extension else ""
    return " ".join(part for part in (row.name or row.label, row.telephone + extension) if part)


def _first(contacts: Sequence[shapes.Contact]) -> shapes.Contact | None:
    return next((row for row in contacts if row.telephone), contacts[0] if contacts else None)


def _operators(edition: shapes.Edition, _region: Region) -> Value:
    names = [edition.roles[role] for role in ("operator", "owner") if edition.roles.get(role)]
    return _cut(";".join(dict.fromkeys(names or [row.name for row in edition.contacts if row.name])), _BODIES)


PROGRAMMES: tuple[Column[shapes.Edition], ...] = (
    Column(
        "制度番号",
        gettext_noop("この制度の名前（slug）。ページと API のアドレスと同じです"),
        lambda row, _: row.programme,
    ),
    Column(
        "全国地方公共団体コード",
        gettext_noop("この地域の6桁のコード"),
        lambda _, region: region.prefecture_code,
    ),
    _empty("法人番号"),
    _empty("元制度番号"),
    _empty("制度変更区分"),
    Column(
        "タイトル（制度名）",
        gettext_noop("40字まで。それより長い名前の続きは、次の列"),
        lambda row, _: row.name[:_TITLE],
    ),
    Column(
        "サブタイトル（通称）",
        gettext_noop("名前の続き。なければ、ひとことの説明"),
        lambda row, _: row.name[_TITLE:] or _cut(row.headline, _TITLE),
    ),
    Column("対象者", gettext_noop("500字まで"), lambda row, _: _who(row)),
    Column(
        "用途・対象物",
        gettext_noop("使いみちの分類。200字まで"),
        lambda row, _: _cut(_labels(row.uses), _SHORT),
    ),
    Column(
        "対象地域",
        gettext_noop("都道府県の名前。全国は空"),
        lambda row, region: _prefectures(row.areas, region),
    ),
    Column(
        "対象地域群",
        gettext_noop("市町村の名前。県全体は空"),
        lambda row, region: _municipalities(row.areas, region),
    ),
    Column("概要", gettext_noop("200字まで"), lambda row, _: _cut(row.summary, _SHORT)),
    Column(
        "内容", gettext_noop("受けられる支援と、枠ごとの率・上限。5,000字まで"), lambda row, _: _content(row)
    ),
    Column(
        "利用・申請方法",
        gettext_noop("手順。500字まで"),
        lambda row, _: _cut(_lines(*(step.title for step in row.steps)), _TEXT),
    ),
    Column("受付開始日", gettext_noop("いちばん早い受付の始まり"), _opens),
    Column("受付終了日", gettext_noop("いちばん遅い受付の終わり。その日まで受け付けます"), _closes),
    Column(
        "受付備考",
        gettext_noop("期間のない制度の受け付け方など"),
        lambda row, _: row.reception.text or _RECEPTION[row.reception.mode],
    ),
    _empty("根拠法令"),
    Column("詳細参照先", gettext_noop("この制度のページ"), lambda row, _: row.url),
    Column("実施組織・支援機関", gettext_noop("100字まで"), _operators),
    Column(
        "お問い合わせ先",
        gettext_noop("1,000字まで"),
        lambda row, _: _cut(_lines(*map(_contact, row.contacts)), _CONTACTS),
    ),
    _empty("電子申請URL"),
    Column(
        "標準産業分類",
        gettext_noop("コード。10個まで。空は、どの業種でも"),
        lambda row, _: ";".join(each.code for each in row.industries[:10]),
    ),
    Column(
        "（事業者対象）事業ステージ分類", gettext_noop("コードでなく名前"), lambda row, _: _labels(row.stages)
    ),
    Column(
        "（事業者対象）行政サービス分類",
        gettext_noop("種類。コードでなく名前"),
        lambda row, _: _labels(row.kinds),
    ),
    Column(
        "（事業者対象）お困りごと分類", gettext_noop("コードでなく名前"), lambda row, _: _labels(row.purposes)
    ),
    _empty("（個人対象）ライフステージ分類"),
    _empty("（個人対象）行政サービス分類"),
    _empty("（個人対象）お困りごと分類"),
    _empty("災害名"),
    Column(
        "キーワード",
        gettext_noop("20字までの言葉を5個まで"),
        lambda row, _: ";".join([word for word in row.keywords if len(word) <= _WORD][:5]),
    ),
    Column(
        "制度集",
        gettext_noop("もとにした資料の名前"),
        lambda row, _: row.sources[0].title if row.sources else "",
    ),
    Column("公開日", gettext_noop("この版を公開した日"), lambda row, _: _day(row.updated_at)),
    _empty("公開終了日"),
)

Held = tuple[shapes.Event, int, shapes.Occurrence]


def held(events: Iterable[shapes.Event]) -> Iterator[Held]:
    """Every date of every event, with its number."""
    for event in events:
        for number, occurrence in enumerate(event.occurrences, start=1):
            yield event, number, occurrence


def _phone(contacts: Sequence[shapes.Contact], what: str) -> str:
    first = _first(contacts)
    if first is None:
        return ""
    return {"name": first.name or first.label, "telephone": first.telephone}.get(what, first.extension)


EVENTS: tuple[Column[Held], ...] = (
    Column(
        "都道府県コード又は市区町村コード",
        gettext_noop("この地域の6桁のコード"),
        lambda _, region: region.prefecture_code,
    ),
    Column("NO", gettext_noop("催しの名前（slug）と、何回目か"), lambda row, _: f"{row[0].slug}/{row[1]}"),
    Column("都道府県名", gettext_noop("この地域"), lambda _, region: region.prefecture_name),
    Column("市区町村名", gettext_noop("開く場所の市町村"), lambda row, _: _town(row[2].area)),
    Column("イベント名", "", lambda row, _: row[0].name),
    _empty("イベント名_カナ"),
    _empty("イベント名_英語"),
    Column("開始日", gettext_noop("ISO 8601"), lambda row, _: row[2].starts_on),
    Column("終了日", gettext_noop("その日まで"), lambda row, _: row[2].ends_on),
    Column("開始時間", "", lambda row, _: row[2].starts_at),
    Column("終了時間", "", lambda row, _: row[2].ends_at),
    Column(
        "開始日時特記事項",
        gettext_noop("月しかわからないときなど"),
        lambda row, _: _lines("資料にあるのは月だけです" if row[2].precision == "month" else "", row[2].note),
    ),
    Column("説明", "", lambda row, _: row[0].summary),
    Column(
        "料金(基本)",
        gettext_noop("無料のとき 0。それ以外は次の列"),
        lambda row, _: 0 if row[0].is_free else "",
    ),
    Column("料金(詳細)", "", lambda row, _: row[0].fee),
    Column("連絡先名称", "", lambda row, _: _phone(row[0].contacts, "name")),
    Column("連絡先電話番号", "", lambda row, _: _phone(row[0].contacts, "telephone")),
    Column("連絡先内線番号", "", lambda row, _: _phone(row[0].contacts, "extension")),
    Column("主催者", "", lambda row, _: row[0].organiser.name),
    Column("場所名称", "", lambda row, _: row[2].place_name),
    Column("住所", "", lambda row, _: row[2].address),
    _empty("方書"),
    _empty("緯度"),
    _empty("経度"),
    _empty("アクセス方法"),
    _empty("駐車場情報"),
    Column("定員", "", lambda row, _: row[0].capacity),
    _empty("参加申込終了日"),
    _empty("参加申込終了時間"),
    Column("参加申込方法", "", lambda row, _: row[0].booking),
    Column("URL", gettext_noop("この催しのページ"), lambda row, _: row[0].url),
    Column("備考", "", lambda row, _: _lines(row[2].label, *row[0].notes)),
)


def _opening(desk: shapes.Desk, which: str) -> str:
    return str(getattr(desk.hours[0], which) or "") if desk.hours else ""


DESKS: tuple[Column[shapes.Desk], ...] = (
    Column(
        "都道府県コード又は市区町村コード",
        gettext_noop("この地域の6桁のコード"),
        lambda _, region: region.prefecture_code,
    ),
    Column("NO", gettext_noop("窓口の名前（slug）"), lambda row, _: row.slug),
    Column("都道府県名", gettext_noop("この地域"), lambda _, region: region.prefecture_name),
    Column("市区町村名", gettext_noop("窓口のある市町村"), lambda row, _: _town(row.area)),
    Column("名称", "", lambda row, _: row.name),
    _empty("名称_カナ"),
    Column("名称_通称", gettext_noop("場所の名前"), lambda row, _: row.place_name),
    _empty("POIコード"),
    Column("住所", "", lambda row, _: row.address),
    _empty("方書"),
    _empty("緯度"),
    _empty("経度"),
    Column("電話番号", "", lambda row, _: _phone(row.contacts, "telephone")),
    Column("内線番号", "", lambda row, _: _phone(row.contacts, "extension")),
    _empty("法人番号"),
    Column("団体名", "", lambda row, _: row.organisation.name),
    Column("利用可能曜日", "", lambda row, _: ";".join(each.days for each in row.hours)),
    Column("開始時間", gettext_noop("はじめに書かれた時間"), lambda row, _: _opening(row, "opens")),
    Column("終了時間", gettext_noop("はじめに書かれた時間"), lambda row, _: _opening(row, "closes")),
    Column(
        "利用可能日時特記事項",
        gettext_noop("休みと、予約の要る窓口"),
        lambda row, _: _lines(row.closed, "予約が要ります" if row.by_appointment else ""),
    ),
    Column("説明", "", lambda row, _: row.summary),
    _empty("バリアフリー情報"),
    Column("URL", gettext_noop("この窓口のページ"), lambda row, _: row.url),
    Column("備考", gettext_noop("料金など"), lambda row, _: _lines(row.fee, *row.notes)),
)

PROJECTS: tuple[Column[shapes.Project], ...] = (
    Column("NO", gettext_noop("事業の名前（slug）"), lambda row, _: row.slug),
    Column("年度", gettext_noop("西暦"), lambda row, _: row.fiscal_year),
    Column("事業名", "", lambda row, _: row.name),
    Column("事業費（円）", gettext_noop("資料にないときは空"), lambda row, _: row.cost_yen),
    Column(
        "事業費の区分",
        gettext_noop("予算・補正予算・決算・記載なし"),
        lambda row, _: _COST_BASIS[row.cost_basis],
    ),
    Column("新規", gettext_noop("新しい事業は 1"), lambda row, _: 1 if row.is_new else 0),
    Column("担当課", gettext_noop("一覧に書かれたまま"), lambda row, _: row.department),
    Column("概要", "", lambda row, _: row.summary),
    Column(
        "支援制度",
        gettext_noop("使える支援制度の名前"),
        lambda row, _: ";".join(each.name for each in row.programmes),
    ),
    Column("URL", gettext_noop("この事業のページ"), lambda row, _: row.url),
    Column(
        "出典",
        gettext_noop("資料の名前と行"),
        lambda row, _: ";".join(f"{each.title} {each.lines}行" for each in row.sources),
    ),
)
