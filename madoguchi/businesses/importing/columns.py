"""Which column of a list is which field: by the headings that offices use."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.businesses import fields
from madoguchi.japan import addresses, industries
from madoguchi.japan.digits import half_width

# Besides the fields of a business: an address in one line, a municipality by name, and a representative.
ADDRESS, AREA_NAME, REPRESENTATIVE, CAPITAL_THOUSANDS = (
    "address",
    "area_name",
    "representative",
    "capital_thousands",
)
_HEADINGS: dict[str, tuple[str, ...]] = {
    "corporate_number": ("法人番号",),
    "name": (
        "商号・名称",
        "商号または名称",
        "商号",
        "名称",
        "事業者名",
        "会社名",
        "企業名",
        "事業所名",
        "屋号",
    ),
    "kana": ("フリガナ", "ふりがな", "カナ", "商号・名称カナ", "名称カナ", "事業者名カナ"),
    "legal_form": ("事業の形",),
    "postal_code": ("郵便番号", "〒"),
    "area_code": ("市区町村コード", "全国地方公共団体コード"),
    AREA_NAME: ("市区町村", "市町村"),
    ADDRESS: ("所在地", "住所", "本店所在地", "所在地連結表記"),
    "town": ("町名", "町字"),
    "street": ("番地", "番地以下"),
    "building": ("建物名・部屋", "建物名等(方書)", "方書", "建物名"),
    "telephone": ("電話番号", "電話", "tel", "連絡先電話番号"),
    "email": ("メールアドレス", "メール", "e-mail", "email"),
    "url": ("ウェブサイト", "ホームページ", "url", "webサイトurl", "hp"),
    "industry": ("業種", "業種コード", "標準産業分類"),
    "capital_yen": ("資本金", "資本金(円)", "出資金"),
    CAPITAL_THOUSANDS: ("資本金(千円)",),
    "employees": ("従業員数", "従業員", "社員数", "常時使用する従業員の数"),
    "employees_counted_on": ("従業員を数えた日",),
    "founded_on": ("設立・開業の日", "設立年月日", "創業年月日", "設立日", "創業年", "設立年"),
    REPRESENTATIVE: ("代表者", "代表者名", "代表者氏名", "氏名"),
}
_BY_HEADING = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
# The list that people fill in to begin with.
SAMPLE = (
    "法人番号",
    "商号・名称",
    "フリガナ",
    "郵便番号",
    "所在地",
    "建物名・部屋",
    "電話番号",
    "メールアドレス",
    "業種コード",
    "資本金(円)",
    "従業員数",
    "設立年月日",
    "代表者",
)


@dataclass(frozen=True)
class Columns:
    """The field of each column, empty where it is none of ours, and the headings as they stand."""

    fields: tuple[str, ...]
    headings: tuple[str, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings whose columns are left out."""
        return tuple(
            heading
            for heading, field in zip(self.headings, self.fields, strict=True)
            if heading and not field
        )

    @property
    def has_name(self) -> bool:
        """Whether there is a column for the name, without which nothing can be taken in."""
        return "name" in self.fields

    def heading_of(self, field: str) -> str:
        """The heading as it stands in the file; the field's own name for one that is worked out."""
        if field in self.fields:
            return self.headings[self.fields.index(field)]
        for whole, parts in _MADE_OF.items():
            if field in parts and whole in self.fields:
                return self.headings[self.fields.index(whole)]
        return fields.label(field)


_MADE_OF = {
    ADDRESS: ("area_code", "town", "street"),
    AREA_NAME: ("area_code",),
    CAPITAL_THOUSANDS: ("capital_yen",),
}


def recognise(headings: Sequence[str]) -> Columns:
    """The columns of a list by its headings; of two columns for one field the first counts."""
    found: list[str] = []
    for heading in headings:
        plain = re.sub(r"[\s_]+", "", half_width(heading)).lower()
        field = _BY_HEADING.get(plain, "")
        found.append(field if field not in found else "")
    return Columns(tuple(found), tuple(headings))


def typed(columns: Columns, cells: Sequence[str]) -> dict[str, str]:
    """The filled cells of a row as typed values of fields, to be cleaned, and its representative."""
    row = {field: cell for field, cell in zip(columns.fields, cells, strict=False) if field and cell}
    line = row.pop(ADDRESS, "")
    if line:
        parts = addresses.split(line)
        made = {"area_code": parts.area_code, "town": parts.town, "street": parts.street}
        row = {**{name: value for name, value in made.items() if value}, **row}
    name = row.pop(AREA_NAME, "")
    if name and "area_code" not in row:
        row["area_code"] = addresses.split(name).area_code or name
    thousands = row.pop(CAPITAL_THOUSANDS, "")
    if thousands and "capital_yen" not in row:
        row["capital_yen"] = f"{thousands.removesuffix('千円')}千円"
    if (industry := row.get("industry")) and (known := industries.find(industry)):
        row["industry"] = known.code
    return row
