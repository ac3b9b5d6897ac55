"""What GビズID says of a person and their business.

Claims as in 「GビズID 接続システム向けガイドライン」 2.9, answered by UserInfo.
Only what the business record needs is kept: no birthday, no address, no telephone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from madoguchi.accounts import events
from madoguchi.accounts.errors import GBizIdUnreadable
from madoguchi.accounts.models import GBizId, User

# What of a mandate is kept; the rest names people.
_MANDATE_FIELDS = ("mandate_type", "corporate_number", "name", "start_date", "end_date")


def keep(user: User, *, provider: str, claims: Mapping[str, Any], at: datetime) -> GBizId:
    """Keep what was said now in place of what was said before; raises GBizIdUnreadable."""
    account_type = str(claims.get("account_type", ""))
    if account_type not in {"1", "2", "3"}:
        raise GBizIdUnreadable
    person = " ".join(_text(claims, name, 50) for name in ("user_last_nm", "user_first_nm")).strip()
    mandates = claims.get("mandate_info")
    with transaction.atomic():
        kept, _ = GBizId.objects.update_or_create(
            provider=provider,
            subject=str(claims["sub"]),
            defaults={
                "user": user,
                "account_type": account_type,
                "corp_type": _text(claims, "corp_type", 1),
                "corporate_number": _text(claims, "corporate_number", 13),
                "business_name": _text(claims, "name", 200),
                "person_name": person,
                "mandates": [_mandate(each) for each in mandates] if isinstance(mandates, list) else [],
                "said_at": at,
            },
        )
        events.of_account("gbizid_told", user, at=at, data={"account_type": account_type})
    return kept


def _text(claims: Mapping[str, Any], name: str, most: int) -> str:
    return str(claims.get(name) or "")[:most]


def _mandate(told: Any) -> dict[str, str]:
    told = told if isinstance(told, Mapping) else {}
    return {name: _text(told, name, 200) for name in _MANDATE_FIELDS if told.get(name)}
