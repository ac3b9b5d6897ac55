"""What a unit hands in for a year, and what the secretariat makes of it."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.results import rules
from madoguchi.results.errors import NotAllowed, ReasonMissing, YearClosed
from madoguchi.results.models import IndicatorValue, Narrative, ReportYear, UnitReturn
from madoguchi.results.operations.acting import approved, require_review, say, writing
from madoguchi.results.operations.moving import move
from madoguchi.results.queries.standing import standing
from madoguchi.results.states import RETURN_MOVES, EntryState, ReturnState, YearState


def hand_in(*, unit_return: UnitReturn, hat: Hat, at: datetime, note: str = "") -> None:
    """The unit says that its part is done; from now on the secretariat holds it.

    Raises NotAllowed, YearClosed, WrongState, Conflict."""
    with writing():
        year = _open_year(unit_return)
        if refused := rules.can_hand_in(standing(hat, year, [unit_return.unit_id])):
            raise NotAllowed(_(refused))
        _move(unit_return, ReturnState.HANDED_IN, note=note, hat=hat, at=at)


def give_back(*, unit_return: UnitReturn, note: str, hat: Hat, at: datetime) -> None:
    """Return a part to its unit, saying what is missing.

    Raises NotAllowed, ReasonMissing, YearClosed, WrongState, Conflict."""
    if not note.strip():
        raise ReasonMissing
    with writing():
        require_review(_open_year(unit_return), hat)
        _move(unit_return, ReturnState.RETURNED, note=note, hat=hat, at=at)


def accept(*, unit_return: UnitReturn, hat: Hat, at: datetime, note: str = "") -> None:
    """Accept a part, and with it approve the unit's drafts of the year.

    Raises NotAllowed, YearClosed, WrongState, Conflict."""
    with writing():
        year = _open_year(unit_return)
        require_review(year, hat)
        _move(unit_return, ReturnState.ACCEPTED, note=note, hat=hat, at=at)
        signed = {"state": EntryState.APPROVED, **approved(hat, at)}
        own = Q(indicator__owner=unit_return.unit_id) | Q(
            indicator__owner=None, indicator__project_rows__project__units=unit_return.unit_id
        )
        in_year = Q(indicator__project_rows__project__fiscal_year=year.fiscal_year)
        shown = Q(fiscal_year=None) | Q(fiscal_year__in=(year.fiscal_year, year.fiscal_year - 1))
        figures = IndicatorValue.objects.filter(own & in_year & shown, state=EntryState.DRAFT)
        texts = Narrative.objects.filter(
            project__fiscal_year=year.fiscal_year,
            project__units=unit_return.unit_id,
            state=EntryState.DRAFT,
        )
        # By their keys: an update over joined tables is not the same on both databases.
        for model, found in ((IndicatorValue, figures), (Narrative, texts)):
            keys = list(found.values_list("pk", flat=True))
            model._default_manager.filter(pk__in=keys, state=EntryState.DRAFT).update(**signed)


def _open_year(unit_return: UnitReturn) -> ReportYear:
    year = ReportYear.objects.select_related("secretariat").get(pk=unit_return.report_year_id)
    if year.state != YearState.OPEN:
        raise YearClosed
    return year


def _move(unit_return: UnitReturn, to: ReturnState, *, note: str, hat: Hat, at: datetime) -> None:
    came_from, by = unit_return.state, hat.as_actor()
    move(
        unit_return,
        to,
        moves=RETURN_MOVES,
        # A part that went back and came again is in the same state, and another one than was seen.
        seen={"moved_at": unit_return.moved_at},
        note=note.strip()[:500],
        moved_by_id=by.id,
        moved_by_label=by.label,
        moved_at=at,
    )
    say(
        f"return_{to}",
        subject="return",
        key=unit_return.pk,
        hat=hat,
        at=at,
        unit=unit_return.unit_id,
        **{"from": came_from, "to": to},
    )
