"""Texts that are longer than their column, named with file and line before a load would break on them."""

from collections.abc import Iterator
from functools import cache

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from pydantic import BaseModel

from madoguchi.accounts import models as accounts
from madoguchi.businesses import models as businesses
from madoguchi.catalogue import models as catalogue
from madoguchi.consultations import models as consultations
from madoguchi.events import models as events
from madoguchi.foundation.yaml_reader import Position
from madoguchi.institutions import models as institutions
from madoguchi.packs import schema, schema_consultations, schema_demo, schema_results, values
from madoguchi.packs.pack import Pack
from madoguchi.results import models as results

# Where the texts of a record are kept; columns are named only where they differ from the pack's word.
_TABLES: dict[type[BaseModel], tuple[type[Model], dict[str, str]]] = {
    schema.Region: (institutions.Region, {}),
    schema.GeneralDesk: (institutions.Region, {"hours": "general_hours"}),
    schema.SourceFile: (institutions.SourceDocument, {"file": "key"}),
    schema.Term: (catalogue.Term, {}),
    schema.Organisation: (institutions.Organisation, {}),
    schema.Unit: (institutions.Unit, {}),
    schema.Succession: (institutions.Succession, {}),
    schema.Desk: (institutions.Desk, {}),
    values.Contact: (institutions.DeskContact, {}),
    values.Place: (events.Occurrence, {"name": "place_name"}),
    schema.Programme: (catalogue.Programme, {}),
    schema.Related: (catalogue.RelatedProgramme, {}),
    schema.Edition: (catalogue.Edition, {}),
    schema.Reception: (catalogue.Edition, {"text": "reception_text"}),
    schema.Window: (catalogue.ReceptionWindow, {}),
    schema.Frame: (catalogue.Frame, {}),
    schema.Roles: (catalogue.EditionRole, {"payee": "text", "beneficiary": "text"}),
    schema.Policies: (results.Policy, {}),
    schema.Policy: (results.Policy, {}),
    schema.Project: (results.Project, {}),
    schema.ListingRow: (results.ListingRow, {}),
    schema_results.Result: (results.Project, {"overview": "", "achievements": ""}),
    schema_results.Indicator: (results.Indicator, {"note": "", "period": ""}),
    schema_results.PrintedCell: (results.IndicatorValue, {}),
    schema_results.CaseStudy: (results.CaseStudy, {}),
    schema_results.Report: (results.ReportYear, {}),
    schema_results.Chapter: (results.RegionChapter, {}),
    schema.Event: (events.Event, {}),
    schema.Occurrences: (events.Occurrence, {}),
    schema_consultations.Topic: (consultations.Topic, {}),
    schema_consultations.RoutingRule: (consultations.RoutingRule, {}),
    schema_demo.Person: (accounts.User, {"name": "display_name"}),
    schema_demo.Post: (accounts.Team, {"team": "name"}),
    # Their keys are names in the file alone.
    schema_demo.Business: (businesses.Business, {"key": ""}),
    schema_demo.Case: (consultations.Case, {"key": ""}),
    schema_demo.Task: (consultations.Task, {}),
    schema_demo.Referral: (consultations.Involvement, {"outside": "outside_name"}),
    schema_demo.Goal: (consultations.Goal, {}),
    schema_demo.NotNeeded: (consultations.FirstStepMark, {}),
}


def too_long(pack: Pack) -> Iterator[tuple[BaseModel, Position, str]]:
    """Every text that is longer than its column: the record, where in it, and the sentence."""
    for record in pack.records():
        for path, length, limit in over(record):
            yield record, path, f"{limit} 字までです（いまは {length} 字）"


def over(record: BaseModel, at: Position = ()) -> Iterator[tuple[Position, int, int]]:
    """The texts of one record that are longer than their column: where, how long, how long at most."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        limit = _limit(type(record), name)
        if isinstance(value, str) and limit is not None and len(value) > limit:
            yield (*at, name), len(value), limit
        for path, inner in _inside(value, (*at, name)):
            yield from over(inner, path)


def _inside(value: object, at: Position) -> Iterator[tuple[Position, BaseModel]]:
    if isinstance(value, BaseModel):
        yield at, value
    elif isinstance(value, list | dict):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        yield from (((*at, key), item) for key, item in pairs if isinstance(item, BaseModel))


@cache
def _limit(record: type[BaseModel], name: str) -> int | None:
    table, columns = _TABLES.get(record, (None, {}))
    if table is None:
        return None
    try:
        return getattr(table._meta.get_field(columns.get(name, name)), "max_length", None)
    except FieldDoesNotExist:
        return None
