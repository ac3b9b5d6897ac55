"""The form of a business's own fields, for desks and for owners; `businesses.fields` reads what is typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from madoguchi.businesses import fields as kept
from madoguchi.businesses.choices import EmployeesCounted, LegalForm, Source
from madoguchi.businesses.errors import FieldsInvalid
from madoguchi.businesses.models import Business
from madoguchi.businesses.registers.looking_up import Entry
from madoguchi.japan import addresses, areas, industries, postal, yen

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SALT = "madoguchi.register"
_REGISTER_AGE = 60 * 60 * 24
# The field of the form that stands for another one of the record.
_STANDS_FOR = {"area": "area_code"}
SECTIONS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("名前と形"), ("name", "kana", "corporate_number", "legal_form", "is_founder")),
    (gettext_lazy("場所"), ("postal_code", "area", "town", "street", "building")),
    (gettext_lazy("連絡先"), ("telephone", "email", "url")),
    (
        gettext_lazy("仕事と大きさ"),
        ("industry", "capital_yen", "employees", "employees_counted", "employees_counted_on", "founded_on"),
    ),
)


def industry_choices(current: str = "") -> list[Any]:
    """The industries in their divisions, and the finer code that is kept where there is one."""
    groups: list[Any] = [("", gettext_lazy("選んでください"))]
    for division in industries.divisions():
        inside = [
            (group.code, f"{group.code} {group.name}") for group in industries.major_groups(division.code)
        ]
        whole = gettext_lazy("%(name)s（くわしくはわからない）") % {"name": division.name}
        groups.append((f"{division.code} {division.name}", [(division.code, whole), *inside]))
    if len(current) > 2 and current[:2].isdigit():
        groups.insert(1, (current, gettext("%(code)s（細かい分類）") % {"code": current}))
    return groups


def _text(name: str, help_text: "StrOrPromise" = "", **attrs: str) -> forms.CharField:
    label = Business._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
    )


class _NeededField(forms.CharField):
    """A field that says ※必須; that it is empty says `businesses.fields`, together with all else."""

    def validate(self, value: Any) -> None:
        """Leave it to the room."""


def _needed(name: str, help_text: "StrOrPromise", **attrs: str) -> forms.CharField:
    field = _text(name, help_text, **attrs)
    return _NeededField(label=field.label, help_text=help_text, required=True, widget=field.widget)


def _choice(name: str, choices: Any) -> forms.CharField:
    # A CharField: which codes there are is for businesses.fields to say.
    label = Business._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return forms.CharField(label=label, required=False, widget=forms.Select(choices=choices))


_ANY = [("", gettext_lazy("選んでください"))]


class BusinessForm(forms.Form):
    """Every field as one would type it; nothing typed is lost, and each mistake stands at its field."""

    name = _needed(
        "name",
        gettext_lazy("創業前の方は、お名前や、つけたい名前でもかまいません。"),
        autocomplete="organization",
    )
    kana = _text("kana", gettext_lazy("ひらがなでもかまいません。株式会社などは、いりません。"))
    corporate_number = _text(
        "corporate_number",
        gettext_lazy("13桁。個人事業主と創業予定の方にはありません。"),
        inputmode="numeric",
    )
    legal_form = _choice("legal_form", [*_ANY, *LegalForm.choices])
    is_founder = forms.BooleanField(
        label=gettext_lazy("創業予定"),
        required=False,
        help_text=gettext_lazy("まだ事業を始めていない方は、選んでください。"),
    )
    postal_code = _text(
        "postal_code", gettext_lazy("例：100-0001"), inputmode="numeric", autocomplete="postal-code"
    )
    area = forms.CharField(
        label=gettext_lazy("市区町村"),
        help_text=gettext_lazy("都道府県から書いてください。例：東京都千代田区"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    town = _text("town")
    street = _text("street", gettext_lazy("例：1-1、一丁目1番1号"))
    building = _text("building")
    telephone = _text(
        "telephone", gettext_lazy("市外局番から。例：03-1234-5678"), inputmode="tel", autocomplete="tel"
    )
    email = _text("email", inputmode="email", autocomplete="email")
    url = _text("url", inputmode="url", autocomplete="url")
    industry = _choice("industry", [])
    capital_yen = _text("capital_yen", gettext_lazy("円で。「1,000万円」のように書いてもかまいません。"))
    employees = _text(
        "employees", gettext_lazy("事業主、役員、短い期間だけの人は数えません。"), inputmode="numeric"
    )
    employees_counted = _choice("employees_counted", [*_ANY, *EmployeesCounted.choices])
    employees_counted_on = _text("employees_counted_on", gettext_lazy("例：2026-03-31、令和8年3月31日"))
    founded_on = _text("founded_on", gettext_lazy("年だけでもかまいません。例：平成17年、2005-04-01"))
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    register = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the industries, and the finer code that is kept beside them."""
        super().__init__(*args, **{"auto_id": "f-%s", **kwargs})
        self.fields["industry"].widget.choices = industry_choices(str(self["industry"].value() or ""))

    @property
    def sections(self) -> list[tuple[str | Promise, list[BoundField]]]:
        """The fields in their groups."""
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]

    def typed(self) -> dict[str, Any]:
        """What was typed, by the name of the field of a business. Call is_valid() first."""
        given = {
            _STANDS_FOR.get(name, name): self.cleaned_data.get(name)
            for _, names in SECTIONS
            for name in names
        }
        return {name: "" if value is None else value for name, value in given.items()}

    def clean_area(self) -> str:
        """The code of the municipality that was written. Raises ValidationError."""
        text = str(self.cleaned_data["area"]).strip()
        if not text:
            return ""
        found = addresses.split(text)
        if not found.area_code or found.town or found.street:
            raise forms.ValidationError(
                gettext("この市区町村がみつかりません。都道府県から書いてください。例：東京都千代田区")
            )
        return found.area_code

    def name_mistakes(self, wrong: Mapping[str, str | Promise]) -> None:
        """Put the sentences of FieldsInvalid at their fields."""
        names = {kept_name: name for name, kept_name in _STANDS_FOR.items()}
        for name, sentence in wrong.items():
            self.add_error(names.get(name, name), str(sentence))

    def sources(self, typed: Mapping[str, Any]) -> dict[str, Source]:
        """The fields whose typed value is still the one that a register said."""
        said = _said(str(self.cleaned_data.get("register", "")))
        found = {}
        for name, (value, source) in said.items():
            try:
                if name in typed and kept.clean({name: typed[name]})[name] == value:
                    found[name] = source
            except FieldsInvalid:
                continue
        return found


def shown(business: Business) -> dict[str, Any]:
    """The values of a business as one would type them."""
    values = {name: getattr(business, name) for name in kept.FIELDS}
    return {**as_typed(values), "version": business.version}


def as_typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Kept values as one would type them."""
    typed: dict[str, Any] = {name: "" if value is None else value for name, value in values.items()}
    if "area_code" in typed:
        typed["area"] = _area_name(typed.pop("area_code"))
    if typed.get("capital_yen") not in (None, ""):
        typed["capital_yen"] = yen.in_man(typed["capital_yen"])
    if typed.get("employees_counted_on"):
        typed["employees_counted_on"] = typed["employees_counted_on"].isoformat()
    return typed


def _area_name(code: str) -> str:
    try:
        return areas.get(code).full_name if code else ""
    except ValueError:
        return code


def with_register(typed: Mapping[str, Any], entry: Entry) -> dict[str, Any]:
    """What was typed, with what a register says in the empty fields, and the seal of who said it."""
    said = as_typed(entry.values)
    filled = {
        **typed,
        **{name: value for name, value in said.items() if not str(typed.get(name, "")).strip()},
    }
    rows = {name: [value, entry.sources[name].value] for name, value in entry.values.items()}
    return {**filled, "register": signing.dumps(rows, salt=_SALT, compress=True)}


def with_postal_code(typed: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """What was typed, with the place of the postal code; and a sentence when that names no one place."""
    try:
        found = postal.places(str(typed.get("postal_code", "")))
    except ValueError as error:
        return dict(typed), str(error)
    if not found:
        return dict(typed), gettext("この郵便番号の場所がみつかりません。")
    place = found[0]
    areas_of_it = {each.area_code for each in found}
    town = place.town if len(found) == 1 else ""
    filled = {**typed, "town": town or typed.get("town", "")}
    if len(areas_of_it) > 1:
        return filled, gettext("この郵便番号には、いくつかの市区町村があります。市区町村を書いてください。")
    return {**filled, "area": _area_name(place.area_code)}, ""


def _said(token: str) -> dict[str, tuple[Any, Source]]:
    try:
        rows = signing.loads(token, salt=_SALT, max_age=_REGISTER_AGE) if token else {}
        return {name: (value, Source(source)) for name, (value, source) in rows.items()}
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return {}


@dataclass(frozen=True)
class Difference:
    """A field that somebody else changed meanwhile: what stands there now and what was typed."""

    label: str
    now: str
    typed: str


def differences(business: Business, form: BusinessForm) -> list[Difference]:
    """Where what was typed is not what stands there now."""
    now = shown(business)
    found = []
    for _, names in SECTIONS:
        for name in names:
            typed = form.data.get(name, "") if name != "is_founder" else ("on" if form.data.get(name) else "")
            current = now[name] if name != "is_founder" else ("on" if now[name] else "")
            if str(typed).strip() != str(current):
                found.append(
                    Difference(str(form.fields[name].label), in_words(name, current), in_words(name, typed))
                )
    return found


def in_words(name: str, value: Any) -> str:
    """A kept or typed value of a field in words."""
    if name == "is_founder":
        return gettext("はい") if value else gettext("いいえ")
    if value in ("", None):
        return "—"
    if name == "area_code":
        return _area_name(value)
    if name == "capital_yen" and isinstance(value, int):
        return yen.in_man(value)
    labels = {"legal_form": dict(LegalForm.choices), "employees_counted": dict(EmployeesCounted.choices)}
    return str(labels.get(name, {}).get(str(value), value))
