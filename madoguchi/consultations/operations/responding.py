"""The first response: the situation, desks and programmes introduced, and what was not needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.catalogue.models import Edition
from madoguchi.consultations.errors import AllIntroduced, ReasonMissing, TextMissing
from madoguchi.consultations.kinds import FirstStep, Visibility
from madoguchi.consultations.models import Case, FirstStepMark, Introduction, Situation
from madoguchi.consultations.operations import business_page, recording
from madoguchi.consultations.operations.acting import own_organisation, require_work, say
from madoguchi.institutions.models import Desk


@dataclass(frozen=True)
class Sheet:
    """経営状況: figures by the keys of the pack, and three texts."""

    figures: Mapping[str, int]
    strengths: str = ""
    problems: str = ""
    wishes: str = ""


@dataclass(frozen=True)
class Programme:
    """A programme to introduce, with the verdict and the reasons of that day."""

    edition: Edition
    verdict: str = ""
    reasons: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    deadline_on: date | None = None


def keep_situation(*, case: Case, sheet: Sheet, hat: Hat, at: datetime) -> Situation:
    """Keep how the business stands; earlier sheets stay. Raises TextMissing (nothing told), NotAllowed."""
    texts = [text.strip() for text in (sheet.strengths, sheet.problems, sheet.wishes)]
    if not sheet.figures and not any(texts):
        raise TextMissing
    require_work(case, hat)
    with transaction.atomic():
        situation = Situation.objects.create(
            case=case,
            organisation=own_organisation(hat),
            figures=dict(sheet.figures),
            strengths=texts[0],
            problems=texts[1],
            wishes=texts[2],
            written_by_id=hat.user_id,
            written_at=at,
        )
        say("situation_kept", case, hat=hat, at=at, situation=situation.pk, fields=sorted(sheet.figures))
    return situation


def introduce(
    *,
    case: Case,
    desks: Sequence[Desk] = (),
    programmes: Sequence[Programme] = (),
    remark: str = "",
    hat: Hat,
    at: datetime,
    once: str | None = None,
) -> list[Introduction]:
    """Tell the business of desks and programmes: kept with their reasons, listed in a shared note, mailed.

    What it was told of before is not told again. Raises TextMissing (nothing chosen), AllIntroduced and
    NotAllowed.
    """
    if not desks and not programmes:
        raise TextMissing
    require_work(case, hat)
    organisation = own_organisation(hat)
    with transaction.atomic():
        # Locked, so that of two colleagues each sees what the other has introduced.
        Case.objects.select_for_update().get(pk=case.pk)
        known_desks = set(case.introductions.values_list("desk", flat=True))
        known_editions = set(case.introductions.values_list("edition", flat=True))
        common = {
            "case": case,
            "organisation": organisation,
            "remark": remark.strip(),
            "introduced_by_id": hat.user_id,
            "introduced_at": at,
        }
        rows = [Introduction(desk=desk, **common) for desk in desks if desk.pk not in known_desks]
        rows += [
            Introduction(
                edition=each.edition,
                verdict=each.verdict,
                reasons=list(each.reasons),
                deadline_on=each.deadline_on,
                **common,
            )
            for each in programmes
            if each.edition.pk not in known_editions
        ]
        if not rows:
            if once and case.notes.filter(once=once).exists():
                return []  # the same form, sent twice
            raise AllIntroduced
        Introduction.objects.bulk_create(rows)
        recording.write_note(
            case=case, body=_letter(rows, remark), visibility=Visibility.SHARED, hat=hat, at=at, once=once
        )
        say(
            "introduced",
            case,
            hat=hat,
            at=at,
            desks=[row.desk_id for row in rows if row.desk_id],
            editions=[row.edition_id for row in rows if row.edition_id],
        )
        business_page.tell_introduced(case, rows, at=at)
    return rows


def _letter(rows: Sequence[Introduction], remark: str) -> str:
    """What the business reads: each desk and programme with its deadline and reasons."""
    written = [remark.strip()] if remark.strip() else []
    desks = [row.desk for row in rows if row.desk]
    if desks:
        written.append(gettext("ご紹介する窓口"))
        written += [f"・{desk.name}" for desk in desks]
    programmes = [row for row in rows if row.edition]
    if programmes:
        written.append(gettext("ご紹介する支援"))
        for row in programmes:
            written += _lines_of(row)
    return "\n".join(written)


def _lines_of(row: Introduction) -> list[str]:
    assert row.edition is not None  # noqa: S101
    head = f"・{row.edition.programme.name}"
    if row.deadline_on:
        until = gettext("%(month)d月%(day)d日まで") % {
            "month": row.deadline_on.month,
            "day": row.deadline_on.day,
        }
        head += f"（{until}）"
    if row.verdict:
        head += f"　{row.verdict}"
    return [head, *(f"　　{reason['because']}" for reason in row.reasons)]


def mark_not_needed(*, case: Case, step: FirstStep, why: str, hat: Hat, at: datetime) -> None:
    """Say that a part of the first response is not needed, and why. Raises ReasonMissing, NotAllowed."""
    if not why.strip():
        raise ReasonMissing
    require_work(case, hat)
    with transaction.atomic():
        FirstStepMark.objects.update_or_create(
            case=case,
            step=step,
            defaults={"why": why.strip(), "marked_by_id": hat.user_id, "marked_at": at},
        )
        say("first_step_marked", case, hat=hat, at=at, step=str(step))


def take_mark_back(*, case: Case, step: FirstStep, hat: Hat, at: datetime) -> None:
    """Say that the part is needed after all. Raises NotAllowed."""
    require_work(case, hat)
    with transaction.atomic():
        if FirstStepMark.objects.filter(case=case, step=step).delete()[0]:
            say("first_step_unmarked", case, hat=hat, at=at, step=str(step))
