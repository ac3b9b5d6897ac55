"""The fields of a business: what people type, read into what is kept; one table for forms and imports."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from madoguchi.businesses.choices import EmployeesCounted, LegalForm
from madoguchi.businesses.errors import FieldsInvalid
from madoguchi.businesses.models import Business
from madoguchi.japan import addresses, areas, company_names, contact, corporate_number, eras, industries, yen
from madoguchi.japan.digits import half_width

MOST_YEN = 10**15
MOST_PEOPLE = 10**7
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_COUNT = re.compile(r"(?:約|およそ)?\s*(\d[\d,]{0,10})\s*[人名]?")
_PARTIAL = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?)?年?")
_ERA_PARTIAL = re.compile(rf"({eras.ERA_SIGNS})\s*(元|\d{{1,2}})(?:[-/.年](\d{{1,2}})月?)?年?", re.IGNORECASE)


def text(model: type[models.Model], field: str) -> Callable[[Any], str]:
    """A reader of one line of text that fits into the column."""
    longest: int = model._meta.get_field(field).max_length or 0  # type: ignore[union-attr]

    def read(raw: Any) -> str:
        line = re.sub(r"\s+", " ", _UNPRINTABLE.sub(" ", str(raw))).strip()
        if len(line) > longest:
            raise ValueError(gettext("%(longest)s文字までで入力してください。") % {"longest": longest})
        return line

    return read


def _text(field: str) -> Callable[[Any], str]:
    return text(Business, field)


def _name(raw: Any) -> str:
    name = _text("name")(raw)
    if not name:
        raise ValueError(gettext("商号・名称を入力してください。創業前の方は、お名前でもかまいません。"))
    return name


def _number(raw: Any) -> str:
    return corporate_number.normalise(str(raw)) if str(raw).strip() else ""


def _kana(raw: Any) -> str:
    return _text("kana")(company_names.to_katakana(str(raw)))


def _choice(values: list[str], sentence: str | Promise) -> Callable[[Any], str]:
    def read(raw: Any) -> str:
        text = str(raw).strip()
        if text and text not in values:
            raise ValueError(str(sentence))
        return text

    return read


def flag(raw: Any) -> bool:
    """A ticked box."""
    return raw is True or str(raw).strip().lower() in ("true", "on", "1", "yes")


def _postal_code(raw: Any) -> str:
    return contact.normalise_postal_code(str(raw)) if str(raw).strip() else ""


def _area(raw: Any) -> str:
    text = str(raw).strip()
    if not text:
        return ""
    area = areas.get(text)
    if not (area.is_municipality or area.kind is areas.AreaKind.WARD):
        raise ValueError(gettext("市区町村を選んでください。"))
    return area.code


def _telephone(raw: Any) -> str:
    if not str(raw).strip():
        return ""
    return _text("telephone")(contact.parse_phone(str(raw)).label)


def _email(raw: Any) -> str:
    address = half_width(str(raw))
    if address:
        try:
            validate_email(address)
        except ValidationError:
            raise ValueError(gettext("メールアドレスの形を確かめてください。例：hanako@example.jp")) from None
    return address


def _url(raw: Any) -> str:
    text = half_width(str(raw))
    if not text:
        return ""
    address = text if re.match("[a-zA-Z][a-zA-Z0-9+.-]*:", text) else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise ValueError(
            gettext("ウェブサイトのアドレスを確かめてください。例：https://www.example.jp/")
        ) from None
    return _text("url")(address)


def _industry(raw: Any) -> str:
    plain = half_width(str(raw)).upper()
    if not plain:
        return ""
    if not re.fullmatch("[A-T]|[0-9]{2,4}", plain):
        raise ValueError(gettext("業種は、日本標準産業分類の記号（A〜T）か2〜4桁の番号で入力してください。"))
    industries.get(plain[:2])
    return plain


def _capital(raw: Any) -> int | None:
    if isinstance(raw, int) and not isinstance(raw, bool):
        amount_yen = raw
    elif str(raw).strip():
        amount_yen = yen.parse_yen(str(raw))
    else:
        return None
    if not 0 <= amount_yen <= MOST_YEN:
        raise ValueError(gettext("資本金の額を確かめてください。"))
    return amount_yen


def _count(raw: Any) -> int | None:
    text = half_width(str(raw))
    if not text:
        return None
    found = _COUNT.fullmatch(text)
    number = int(found[1].replace(",", "")) if found else MOST_PEOPLE + 1
    if number > MOST_PEOPLE:
        raise ValueError(gettext("人数を数字で入力してください。例：12"))
    return number


def day(raw: Any) -> date | None:
    """A day in an era or a western year; None for nothing. Raises ValueError."""
    if isinstance(raw, date):
        return raw
    return eras.parse_date(str(raw)) if str(raw).strip() else None


def _partial_day(raw: Any) -> str:
    """A year, a month or a day as ISO text: 2005, 2005-04, 2005-04-01."""
    text = half_width(str(raw))
    if not text:
        return ""
    if isinstance(raw, date):
        return raw.isoformat()
    if found := _PARTIAL.fullmatch(text):
        return _year_month(int(found[1]), found[2])
    if found := _ERA_PARTIAL.fullmatch(text):
        year = eras.era_named(found[1]).western_year(1 if found[2] == "元" else int(found[2]))
        return _year_month(year, found[3])
    return eras.parse_date(text).isoformat()


def _year_month(year: int, month: str | None) -> str:
    if month and not 1 <= int(month) <= 12:
        raise ValueError(gettext("実際にある月を入力してください。"))
    return f"{year:04}-{int(month):02}" if month else f"{year:04}"


_READERS: dict[str, Callable[[Any], Any]] = {
    "corporate_number": _number,
    "name": _name,
    "kana": _kana,
    "legal_form": _choice(LegalForm.values, gettext_lazy("事業の形を選んでください。")),
    "is_founder": flag,
    "postal_code": _postal_code,
    "area_code": _area,
    "town": _text("town"),
    "street": _text("street"),
    "building": _text("building"),
    "telephone": _telephone,
    "email": _email,
    "url": _url,
    "industry": _industry,
    "capital_yen": _capital,
    "employees": _count,
    "employees_counted": _choice(EmployeesCounted.values, gettext_lazy("数え方を選んでください。")),
    "employees_counted_on": day,
    "founded_on": _partial_day,
}
FIELDS: tuple[str, ...] = tuple(_READERS)
# Columns that the rows of a business have too.
SHARED = {
    name: _READERS[name] for name in ("kana", "postal_code", "area_code", "telephone", "email", "industry")
}


def label(field: str) -> str:
    """The name of a field as people read it."""
    return str(Business._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def clean(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Read typed or already typed values of some fields; None and "" empty a field.

    Raises FieldsInvalid with a sentence for each field that cannot be read; KeyError for an unknown field.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str | Promise] = {}
    for field, value in raw.items():
        try:
            values[field] = _READERS[field]("" if value is None else value)
        except ValueError as error:
            wrong[field] = str(error)
    if wrong:
        raise FieldsInvalid(wrong)
    return values


def contradictions(values: Mapping[str, Any]) -> dict[str, str | Promise]:
    """What cannot be true together in a whole business: the field to mend with its sentence."""
    if not values.get("corporate_number"):
        return {}
    if values.get("is_founder"):
        return {
            "corporate_number": gettext_lazy(
                "創業予定の方に法人番号はありません。会社ができたら、創業予定を外してください。"
            )
        }
    if values.get("legal_form") == LegalForm.SOLE:
        return {"corporate_number": gettext_lazy("個人事業主に法人番号はありません。")}
    return {}


def draft(values: Mapping[str, Any]) -> Business:
    """A business of cleaned values that is not saved, to compare it with others."""
    return Business(**values, **derived(values))


def derived(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns for comparing and finding that follow from the values of a whole business."""
    telephone = str(values.get("telephone") or "")
    line = addresses.in_one_line(*(str(values.get(part) or "") for part in ("area_code", "town", "street")))
    return {
        "name_folded": company_names.fold_name(str(values["name"])),
        "address_folded": addresses.fold_address(line),
        "telephone_digits": contact.parse_phone(telephone).digits if telephone else "",
    }
