"""The businesses of a demonstration: on the books of an organisation, with figures, owner and delegate."""

from datetime import datetime, timedelta

from madoguchi.accounts.models import User
from madoguchi.businesses.choices import CustodyReason, MemberRole, Scope, Source
from madoguchi.businesses.models import Business, BusinessMember
from madoguchi.businesses.operations import custody, details, members, register
from madoguchi.foundation.audit import SYSTEM
from madoguchi.institutions.models import Organisation
from madoguchi.packs import schema_demo
from madoguchi.packs.demo.cast import Cast
from madoguchi.packs.demo.days import Days
from madoguchi.packs.schema_demo import Demo

_MANDATE = timedelta(days=730)


def open_shops(demo: Demo, *, cast: Cast, days: Days, since: datetime) -> dict[str, Business]:
    """Register everybody's business; by key."""
    return {row.key: _open(row, cast=cast, days=days, since=since) for row in demo.businesses}


def _open(row: schema_demo.Business, *, cast: Cast, days: Days, since: datetime) -> Business:
    owner = cast.users[row.owner] if row.owner else None
    organisation = Organisation.objects.get(slug=row.on_books_of)
    source = Source.OWNER if owner else Source.STAFF
    by = owner.as_actor() if owner else SYSTEM
    business = register.register(
        values=_values(row),
        source=source,
        at=since,
        by=by,
        organisation_id=None if owner else organisation.pk,
        owner=owner,
    )
    if row.representative:
        details.replace_rows(
            business=business,
            kind="officers",
            typed=[{"name": row.representative, "title": "代表", "is_representative": True}],
            seen_version=business.version,
            source=source,
            at=since,
            by=by,
        )
    for year in row.years:
        _tell_year(business, year, days=days, source=source, by=owner)
    if owner:
        custody.take_custody(
            business=business,
            organisation_id=organisation.pk,
            at=since,
            by=SYSTEM,
            reason=CustodyReason.CASE,
        )
        _let_in(business, row, owner, organisation, cast)
    return business


def _values(row: schema_demo.Business) -> dict[str, object]:
    given = {
        "name": row.name,
        "kana": row.kana,
        "legal_form": row.legal_form.value if row.legal_form else "",
        "is_founder": row.is_founder,
        "area_code": row.area,
        "town": row.town,
        "industry": row.industry or "",
        "capital_yen": row.capital_yen,
        "employees": row.employees,
        "employees_counted": "regular" if row.employees is not None else "",
        "founded_on": row.founded,
        "telephone": row.telephone or "",
    }
    return {name: value for name, value in given.items() if value not in ("", None, False)}


def _tell_year(
    business: Business, year: schema_demo.Year, *, days: Days, source: Source, by: User | None
) -> None:
    ends_on = days.now.date() - timedelta(days=year.ended_ago)
    details.put_figures(
        business=business,
        begins_on=ends_on - timedelta(days=364),
        ends_on=ends_on,
        employees=business.employees,
        amounts=year.amounts,
        source=source,
        at=days.now,
        by=by.as_actor() if by else SYSTEM,
    )


def _let_in(
    business: Business, row: schema_demo.Business, owner: User, organisation: Organisation, cast: Cast
) -> None:
    """Confirm the owner, who then lets a delegate in; mandates go by the machine's time."""
    at = cast.access_at
    own = BusinessMember.objects.get(business=business, user=owner)
    members.confirm(member=own, at=at, by=SYSTEM, organisation_id=organisation.pk)
    if row.delegate is None:
        return
    delegate = cast.users[row.delegate.person]
    mandate = members.Mandate(
        role=MemberRole.DELEGATE,
        scopes=list(Scope),
        profession=row.delegate.profession,
        evidence=row.delegate.evidence,
        until=at + _MANDATE,
    )
    _invitation, secret = members.invite(
        business=business, email=delegate.email, mandate=mandate, inviter=owner, at=at
    )
    members.accept(secret=secret, user=delegate, at=at)
