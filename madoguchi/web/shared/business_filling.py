"""The buttons that fill in a business's form: from the postal code, and from the registers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from madoguchi.businesses.registers import looking_up
from madoguchi.web.shared.business_form import BusinessForm, with_postal_code, with_register

REGISTER = "register"


@dataclass(frozen=True)
class Filled:
    """The form with what was typed and what was found, and what to say of it."""

    form: BusinessForm
    notice: str


def fill(typed: Mapping[str, Any]) -> Filled:
    """Fill in from what the pressed button names; what was typed stays."""
    kept = {name: value for name, value in typed.items() if name in BusinessForm.base_fields}
    if typed.get("fill") == REGISTER:
        return _from_register(kept)
    filled, sentence = with_postal_code(kept)
    return Filled(BusinessForm(initial=filled), sentence or gettext("郵便番号から、場所を入れました。"))


def _from_register(typed: dict[str, Any]) -> Filled:
    try:
        looked = looking_up.look_up_typed(str(typed.get("corporate_number", "")))
    except ValueError as error:
        form = BusinessForm(typed)
        form.is_valid()
        form.name_mistakes({"corporate_number": str(error)})
        return Filled(form, "")
    entry = looked.entry
    if entry is None:
        unknown = gettext("この番号の会社は、台帳にありませんでした。番号をお確かめください。")
        silent = "".join(str(trouble) for trouble in looked.troubles)
        return Filled(BusinessForm(initial=typed), unknown if looked.is_answered else silent)
    notice = gettext("空いている欄に、台帳の内容を入れました。確かめて、違うところは直してください。")
    if entry.closed_on:
        closed = gettext("台帳では、この会社は%(day)sに閉鎖しています。") % {"day": entry.closed_on}
        notice = f"{closed}{notice}"
    if entry.representative:
        notice += gettext("代表者は、%(name)sさんです。") % {"name": entry.representative}
    return Filled(BusinessForm(initial=with_register(typed, entry)), notice)
