"""The monthly report as a file, and the workbook an organisation wants it in."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.consultations.models import ReportTemplate
from madoguchi.consultations.operations import acting
from madoguchi.consultations.queries.monthly import Entry, Month
from madoguchi.foundation import audit
from madoguchi.foundation.sheet_templates import fill_in, places_in
from madoguchi.foundation.sheets import Value, xlsx_file
from madoguchi.japan import areas, industries

# What a template may name, beside the columns below as {{ rows.… }}.
HEAD_PLACES = (
    "organisation",
    "adviser",
    "year",
    "month",
    "made_on",
    "talks",
    "businesses",
    "new_cases",
    "minutes",
)


def columns() -> dict[str, str]:
    """The columns of the report by the name that a template uses, with what stands above them."""
    return {
        "day": gettext("月日"),
        "time": gettext("時刻"),
        "channel": gettext("方法"),
        "business": gettext("事業者"),
        "area": gettext("市町村"),
        "industry": gettext("業種"),
        "topic": gettext("相談の内容"),
        "first": gettext("新規・継続"),
        "minutes": gettext("時間（分）"),
        "text": gettext("指導の内容"),
        "case": gettext("案件"),
    }


def unknown_places(template: bytes) -> set[str]:
    """Names in a template that nothing fills in. Raises TemplateRefused."""
    known = {*HEAD_PLACES, *(f"rows.{name}" for name in columns())}
    return places_in(template) - known


def keep_template(*, file_name: str, content: bytes, hat: Hat, at: datetime) -> None:
    """Keep a workbook for the hat's organisation instead of the one before. Raises TemplateRefused."""
    places_in(content)
    with transaction.atomic():
        ReportTemplate.objects.update_or_create(
            organisation=acting.own_organisation(hat),
            defaults={
                "file_name": file_name[:200],
                "content": content,
                "kept_by_id": hat.user_id,
                "kept_at": at,
            },
        )
        audit.record(
            "consultations.report_template_kept",
            at=at,
            by=hat.as_actor(),
            subject_type="institutions.organisation",
            subject_id=hat.organisation_id,
            organisation_id=hat.organisation_id,
        )


def monthly_file(*, month: Month, adviser: User, first: date, hat: Hat, at: datetime) -> bytes:
    """The report as XLSX, in the organisation's workbook when it has one.

    Texts of cases leave the system with it, so that each of them counts as read.
    """
    with transaction.atomic():
        for case_id in sorted({entry.case_id for entry in month.entries}):
            audit.record(
                "consultations.case_read",
                at=at,
                by=hat.as_actor(),
                subject_type="consultations.case",
                subject_id=case_id,
                organisation_id=hat.organisation_id,
                data={"what": "monthly_report"},
            )
    rows = [_row(entry) for entry in month.entries]
    template = ReportTemplate.objects.filter(organisation=hat.organisation_id).first()
    if template is None:
        title = gettext("%(month)s月の指導実績") % {"month": first.month}
        return xlsx_file(title, list(columns().values()), [list(row.values()) for row in rows])
    values: dict[str, Value] = {
        "organisation": hat.organisation_name,
        "adviser": adviser.display_name,
        "year": first.year,
        "month": first.month,
        "made_on": timezone.localdate(at),
        "talks": len(month.entries),
        "businesses": month.businesses,
        "new_cases": month.new_cases,
        "minutes": month.minutes,
    }
    return fill_in(bytes(template.content), values, rows)


def _row(entry: Entry) -> Mapping[str, Value]:
    return {
        "day": entry.held_on,
        "time": entry.held_at,
        "channel": entry.channel,
        "business": entry.business,
        "area": areas.get(entry.area_code).name if entry.area_code else "",
        "industry": industries.get(entry.industry[:2]).name if entry.industry else "",
        "topic": entry.topic,
        "first": gettext("新規") if entry.is_first else gettext("継続"),
        "minutes": entry.minutes,
        "text": entry.text,
        "case": entry.case_number,
    }
