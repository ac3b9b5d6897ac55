"""Mail to those who write programmes: before the new fiscal year, and before a deadline, once each."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.roles import PERMISSIONS, Role
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import reception_of
from madoguchi.editing.attention import days_to_new_year
from madoguchi.editing.queries import holders_of, newest_editions
from madoguchi.mail.addresses import absolute
from madoguchi.mail.letters import Action, Letter
from madoguchi.mail.operations import sending

_WRITERS = tuple(role for role in Role if "programmes.write" in PERMISSIONS[role])
_BEFORE_NEW_YEAR = 30
_BEFORE_DEADLINE = timedelta(days=14)
_TOKYO = ZoneInfo("Asia/Tokyo")


def remind(*, at: datetime, access_at: datetime) -> int:
    """Send what is due on this day, once to each person; returns how many people were written to, at most.

    Safe to run again and again: what was sent before is not sent again."""
    editions = newest_editions()
    told = _before_deadlines(editions, at=at, access_at=access_at)
    left, coming = days_to_new_year(at.date())
    if left <= _BEFORE_NEW_YEAR:
        old = [edition for edition in editions if edition.fiscal_year == coming.start_year - 1]
        told += _tell(
            _by_holder(old),
            key=f"new_year:{coming.start_year}",
            write=partial(_new_year, coming.label),
            access_at=access_at,
        )
    return told


def _before_deadlines(editions: Iterable[Edition], *, at: datetime, access_at: datetime) -> int:
    told = 0
    for edition in editions:
        closes_at = reception_of(edition, at=at).closes_at
        if closes_at is None or closes_at - at > _BEFORE_DEADLINE:
            continue
        told += _tell(
            _by_holder([edition]),
            key=f"deadline:{edition.programme_id}:{closing_day(closes_at).isoformat()}",
            write=partial(_deadline, closing_day(closes_at)),
            access_at=access_at,
        )
    return told


def closing_day(closes_at: datetime) -> date:
    """The last day on which applications are taken: what closes at midnight closes on the day before."""
    return (closes_at - timedelta.resolution).astimezone(_TOKYO).date()


def _by_holder(editions: Iterable[Edition]) -> dict[int, list[Edition]]:
    found: dict[int, list[Edition]] = defaultdict(list)
    for edition in editions:
        for organisation in holders_of(edition):
            found[organisation].append(edition)
    return found


def _tell(
    editions: dict[int, list[Edition]],
    *,
    key: str,
    write: Callable[[list[str]], Letter],
    access_at: datetime,
) -> int:
    """One mail a person and key, with the programmes of their institution."""
    members = Membership.objects.running(at=access_at).filter(organisation__in=editions, role__in=_WRITERS)
    told: dict[User, list[str]] = {}
    for membership in members.select_related("user").order_by("pk"):
        names = [edition.name for edition in editions[membership.organisation_id]]
        told[membership.user] = [*told.get(membership.user, []), *names]
    with transaction.atomic():
        for user, names in told.items():
            unique = list(dict.fromkeys(names))
            sending.send_to(
                user,
                kind="editing.still_true",
                write=partial(write, unique),
                subject_type="accounts.user",
                subject_id=user.pk,
                dedupe=f"editing.still_true:{key}:{user.pk}",
            )
    return len(told)


def _new_year(year: str, names: list[str]) -> Letter:
    return Letter(
        subject=gettext("支援制度の内容は、新しい年度も同じですか"),
        paragraphs=[
            gettext("まもなく%(year)sです。次の制度の、新しい年度の版を作ってください。") % {"year": year},
            gettext("今年度の版を写して、変わったところだけ直せます。"),
        ],
        facts=[(gettext("制度"), "\n".join(names))],
        action=_to_the_list(),
    )


def _deadline(day: date, names: list[str]) -> Letter:
    return Letter(
        subject=gettext("まもなく締切の支援制度があります。内容は合っていますか"),
        paragraphs=[gettext("締切や連絡先が変わっていたら、締切までに直してください。")],
        facts=[(gettext("制度"), "\n".join(names)), (gettext("締切"), f"{day.month}月{day.day}日")],
        action=_to_the_list(),
    )


def _to_the_list() -> Action:
    return Action(gettext("支援制度のページを開く"), absolute(reverse("desk:programmes")))
