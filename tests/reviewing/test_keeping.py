"""What was read is kept with its lines; the same file again changes nothing."""

from dataclasses import replace

import pytest

from madoguchi.foundation.models import AuditEvent
from madoguchi.reviewing.models import DraftField, DraftRecord, ImportedDocument, SourceLine
from madoguchi.reviewing.operations.deciding import decide
from madoguchi.reviewing.operations.taking import take_over
from madoguchi.reviewing.states import FieldState
from tests.reviewing.drafts import (
    AT,
    a_document,
    a_secretariat,
    accept_all,
    field,
    kept,
    plan,
    record,
)

pytestmark = pytest.mark.django_db


def everything():
    """All rows that a reading writes."""
    models = (ImportedDocument, SourceLine, DraftRecord, DraftField)
    return [list(model.objects.order_by("pk").values()) for model in models]


def read_otherwise(path, what, value, **changes):
    """The plan of a reader that reads one field otherwise."""
    first = plan()
    records = []
    for each in first.records:
        fields = [
            replace(f, value=value, **changes) if (each.path, f.what) == (path, what) else f
            for f in each.fields
        ]
        records.append(replace(each, fields=tuple(fields)))
    return replace(first, records=tuple(records))


def test_a_document_is_kept_with_its_lines_records_and_fields():
    document = a_document()
    assert (document.kind, document.fiscal_year, document.name) == ("annual_report", 2022, "tsubame.txt")
    assert document.lines.get(number=1).text.startswith("つばめ県")
    assert list(document.records.order_by("position").values_list("path", flat=True)) == [
        "Ⅰ", "Ⅰ/1", "Ⅰ/2", "Ⅰ/3", "Ⅱ", "Ⅱ/4", "Ⅱ/5", "Ⅱ/6",
    ]  # fmt: skip
    assert record(document, "Ⅱ/6").within == record(document, "Ⅱ")
    assert record(document, "Ⅱ/6").is_repeat
    cost = field(document, "Ⅰ/1", "cost")
    assert (cost.value, cost.state, cost.confidence) == ("12340000", "open", 1)
    value = field(document, "Ⅰ/1", "value", about="講座の受講者", year="2022")
    line = document.lines.get(number=value.first_line)
    assert "104人" in line.text
    assert value.value == "104人"


def test_the_same_file_again_changes_nothing():
    kept()
    before, events = everything(), AuditEvent.objects.count()
    again = kept(at=AT.replace(day=29))
    assert not again.is_changed
    assert everything() == before
    assert AuditEvent.objects.count() == events


def test_a_better_reader_changes_only_what_nobody_has_decided():
    hat, document = a_secretariat(), a_document()
    name = field(document, "Ⅰ/1", "name")
    decide(field=name, to=FieldState.ACCEPTED, version=1, hat=hat, at=AT)
    kept(plan=read_otherwise("Ⅰ/1", "name", "別の名前"))
    assert field(document, "Ⅰ/1", "name").value == "つばめスタートアップ応援事業"
    kept(plan=read_otherwise("Ⅰ/1", "cost", "1000", confidence="0.50", reason="別の桁です。"))
    cost = field(document, "Ⅰ/1", "cost")
    assert (cost.value, str(cost.confidence), cost.reason, cost.version) == (
        "1000",
        "0.50",
        "別の桁です。",
        2,
    )
    assert ImportedDocument.objects.count() == 1
    assert AuditEvent.objects.filter(action="reviewing.document_read_again").count() == 2


def test_what_a_better_reader_no_longer_finds_goes_unless_somebody_worked_on_it():
    hat, document = a_secretariat(), a_document()
    decide(field=field(document, "Ⅱ/5", "name"), to=FieldState.ACCEPTED, version=1, hat=hat, at=AT)
    first = plan()
    kept(plan=replace(first, records=tuple(r for r in first.records if not r.path.startswith("Ⅱ"))))
    assert set(document.records.values_list("path", flat=True)) == {"Ⅰ", "Ⅰ/1", "Ⅰ/2", "Ⅰ/3", "Ⅱ", "Ⅱ/5"}


def test_what_was_taken_over_stays_as_it_was():
    hat, document = a_secretariat(), a_document()
    row = record(document, "Ⅰ/1")
    accept_all(row, hat)
    take_over(record=row, hat=hat, at=AT)
    before = list(row.fields.order_by("pk").values())
    kept(plan=read_otherwise("Ⅰ/1", "cost", "1000"))
    assert list(row.fields.order_by("pk").values()) == before


def test_the_year_that_a_person_says_goes_before_the_document():
    document = kept(fiscal_year=2021).document
    assert document.fiscal_year == 2021
    assert not kept().is_changed
    assert kept(fiscal_year=2022).is_changed
    document.refresh_from_db()
    assert document.fiscal_year == 2022


def test_a_guidebook_is_kept_with_its_programmes():
    document = a_document("guide")
    assert document.kind == "guidebook"
    assert field(document, "1", "rate", number=0).value == "2/3"
    assert field(document, "1", "cap").value == "3000000"
    assert "099-123-4567" in field(document, "1", "contact").value


def test_keeping_costs_no_query_for_each_field(django_assert_max_num_queries):
    plan()
    with django_assert_max_num_queries(40):
        kept()
