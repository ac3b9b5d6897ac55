"""Writing what a report tells in words, and a project's cost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.foundation.errors import Conflict
from madoguchi.results import rules
from madoguchi.results.errors import CorrectionOnly, NotAllowed, WrongState, YearClosed
from madoguchi.results.models import (
    CostBasis,
    Introduction,
    Listing,
    ListingRow,
    Narrative,
    Project,
    ReportYear,
)
from madoguchi.results.operations.acting import (
    NOT_APPROVED,
    approved,
    entered,
    place_of_project,
    require_review,
    require_write,
    say,
    writing,
)
from madoguchi.results.states import EntryState, YearState

Text = TypeVar("Text", Narrative, Introduction)


def write_narrative(
    *, project: Project, overview: str, achievements: str, version: int, hat: Hat, at: datetime
) -> Narrative:
    """Write 概要 and 実績; `version` is the one that was seen, 0 for none.

    Raises NotAllowed, YearClosed, CorrectionOnly, Conflict."""
    with writing():
        stands = require_write(place_of_project(project), hat)
        columns = {"overview": overview.strip(), "achievements": achievements.strip()}
        narrative = _write(Narrative, {"project": project}, columns, version, stands, hat=hat, at=at)
        say(
            "narrative_written",
            subject="project",
            key=project.pk,
            hat=hat,
            at=at,
            version=narrative.version,
        )
    return narrative


def approve_narrative(*, narrative: Narrative, version: int, hat: Hat, at: datetime) -> None:
    """Approve a draft as it was seen. Raises NotAllowed, YearClosed, CorrectionOnly, WrongState, Conflict."""
    if narrative.project is None or narrative.state != EntryState.DRAFT:
        raise WrongState
    with writing():
        place = place_of_project(narrative.project)
        require_review(place.newest, hat)
        require_write(place, hat)
        seen = Narrative.objects.filter(pk=narrative.pk, version=version, state=EntryState.DRAFT)
        if seen.update(state=EntryState.APPROVED, **approved(hat, at)) != 1:
            raise Conflict
        say("narrative_approved", subject="project", key=narrative.project_id, hat=hat, at=at)
    narrative.refresh_from_db()


def write_introduction(
    *, listing: Listing, blocks: Sequence[tuple[str, str]], version: int, hat: Hat, at: datetime
) -> Introduction:
    """Write the opening text of a policy's chapter as (heading, text); the secretariat does.

    Raises NotAllowed, YearClosed, CorrectionOnly, Conflict."""
    with writing():
        year = (
            ReportYear.objects.filter(fiscal_year=listing.fiscal_year).select_related("secretariat").first()
        )
        require_review(year, hat)
        _require_open(year)
        kept = [{"heading": head.strip(), "text": text.strip()} for head, text in blocks if text.strip()]
        stands = rules.Standing(is_secretariat=True)
        text = _write(Introduction, {"listing": listing}, {"blocks": kept}, version, stands, hat=hat, at=at)
        say("introduction_written", subject="listing", key=listing.pk, hat=hat, at=at, version=text.version)
    return text


def set_cost(*, project: Project, cost_yen: int | None, basis: CostBasis, hat: Hat, at: datetime) -> None:
    """Say what a project cost, here and in the lists of its year. Raises NotAllowed, YearClosed,
    CorrectionOnly, and Conflict when it is no longer what `project` shows."""
    if cost_yen is not None and cost_yen < 0:
        raise NotAllowed(_("事業費は、0円以上で入れてください。"))
    with writing():
        require_write(place_of_project(project), hat)
        seen = Project.objects.filter(pk=project.pk, cost_yen=project.cost_yen, cost_basis=project.cost_basis)
        if seen.update(cost_yen=cost_yen, cost_basis=basis, edited_at=at) != 1:
            raise Conflict
        rows = ListingRow.objects.filter(project=project, listing__fiscal_year=project.fiscal_year)
        rows.update(printed_cost_yen=cost_yen)
        say("cost_set", subject="project", key=project.pk, hat=hat, at=at)
    project.refresh_from_db()


def _require_open(year: ReportYear | None) -> None:
    if year and year.state == YearState.LOCKED:
        raise YearClosed
    if year and year.state == YearState.PUBLISHED:
        raise CorrectionOnly


def _write(
    model: type[Text],
    about: Mapping[str, Any],
    columns: Mapping[str, Any],
    version: int,
    stands: rules.Standing,
    *,
    hat: Hat,
    at: datetime,
) -> Text:
    signed = entered(hat, at)
    if stands.is_secretariat:
        signed |= {"state": EntryState.APPROVED, **approved(hat, at)}
    else:
        signed |= {"state": EntryState.DRAFT, **NOT_APPROVED}
    rows = model._default_manager.filter(**about)
    if version == 0:
        try:
            with transaction.atomic():
                return model._default_manager.create(**about, **columns, **signed)
        except IntegrityError as error:
            if rows.exists():
                raise Conflict from error
            raise
    if rows.filter(version=version).update(**columns, **signed, version=version + 1) != 1:
        raise Conflict
    return rows.get()
