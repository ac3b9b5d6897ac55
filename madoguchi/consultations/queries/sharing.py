"""Who reads a case now, and on what ground."""

from dataclasses import dataclass
from datetime import datetime

from madoguchi.consultations.models import Case, CasePerson, Consent, ExpertRequest, Involvement


@dataclass(frozen=True)
class Sharing:
    """Who takes part and still sees the case, who is named, what was agreed to, which experts read."""

    involvements: list[Involvement]
    people: list[CasePerson]
    consents: list[Consent]
    experts: list[ExpertRequest]


def sharing_of(case: Case) -> Sharing:
    """The same number of queries however many take part."""
    rows = case.involvements.filter(access_ended_at=None)
    return Sharing(
        involvements=list(
            rows.select_related("organisation", "unit", "desk", "adviser").order_by(
                "-is_lead", "sent_at", "pk"
            )
        ),
        people=people_of(case),
        consents=list(
            case.consents.with_organisations().select_related("recorded_by").order_by("-given_at", "-pk")
        ),
        experts=list(
            ExpertRequest.objects.open()
            .filter(case=case)
            .select_related("expert__user", "expert__organisation")
            .order_by("asked_at", "pk")
        ),
    )


def people_of(case: Case) -> list[CasePerson]:
    """Who is named now, the first first."""
    return list(case.people.filter(until=None).select_related("user").order_by("since", "pk"))


def with_others(case: Case, *, than: int | None) -> list[Consent]:
    """The standing consents that open the case to others than this organisation, or to whoever it chooses.

    Who declined or has lost sight of the case is not among the others.
    """
    rows = case.consents.filter(withdrawn_at=None).with_organisations().order_by("pk")
    parts = list(case.involvements.values_list("organisation", "access_ended_at"))
    gone = {pk for pk, ended_at in parts if ended_at} - {pk for pk, ended_at in parts if not ended_at}
    not_others = gone | {than}
    return [
        row
        for row in rows
        if row.is_general or row.outside_name or {each.pk for each in row.organisations.all()} - not_others
    ]


def answered_by(case: Case, organisation_id: int | None) -> Involvement | None:
    """The latest part of an organisation in a case, whatever came of it: who has it, and since when."""
    rows = case.involvements.filter(organisation=organisation_id)
    return rows.select_related("organisation", "adviser").order_by("-pk").first()


def others(case: Case, *, than: Involvement) -> list[Involvement]:
    """Others that were asked beside this one and took part, so that an answer knows of them.

    Who sent it and the lead are at work anyway.
    """
    rows = case.involvements.exclude(pk=than.pk).exclude(taken_at=None).filter(is_lead=False)
    if than.sent_by_organisation_id is not None:
        rows = rows.exclude(organisation=than.sent_by_organisation_id)
    return list(rows.select_related("organisation").order_by("taken_at", "pk"))


def own_referral(case: Case, pk: int) -> Involvement | None:
    """A referral of a case to somebody without an account; None for any other."""
    rows = case.involvements.filter(pk=pk, organisation=None)
    return (
        rows.select_related("case__business", "case__main_topic", "sent_by", "sent_by_organisation")
        .order_by("pk")
        .first()
    )


def since(involvement: Involvement) -> datetime:
    """Since when things stand as they do."""
    return involvement.finished_at or involvement.taken_at or involvement.answered_at or involvement.sent_at
