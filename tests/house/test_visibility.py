"""Records that not everybody may see are never read past the door: `visible_to` and its kin come first."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.house.places import PACKAGE, parse, python_files, shown

# What a read of such records has to begin with.
DOORS = {"visible_to", "of_person", "standing_for", "readable_by"}
_ROOMS = ("consultations", "businesses", "accounts")
# The region's own, which every page may show.
_OPEN_TO_ALL = {"Topic", "RoutingRule", "Policy", "CaseNumber", "CountedBusiness"}
_OF_ONESELF = "the row of the person who asks"
_OF_OWN_HOUSE = "filtered by the organisation of the hat"
_LEGS_OF_A_CASE = "conditions on rows that are joined to cases which came through the door"
# Reads in the pages that begin otherwise: how many a file has of a model, and why they may.
_PAGES: dict[tuple[str, str], tuple[int, str]] = {
    ("account/adapters.py", "User"): (1, "who signs in, by their address"),
    ("account/demo_links.py", "BusinessMember"): (1, "people of the demonstration alone"),
    ("account/demo_links.py", "Membership"): (1, "people of the demonstration alone"),
    ("account/letters.py", "User"): (1, "to whom a letter about their account goes"),
    ("account/signals.py", "User"): (1, _OF_ONESELF),
    ("account/views/invitation.py", "Invitation"): (1, "found by its secret"),
    ("account/views/invitation.py", "User"): (1, "only whether the invited address has an account"),
    ("account/views/own_data.py", "BusinessMember"): (1, _OF_ONESELF),
    ("desk/shapes/audit.py", "Case"): (2, "an auditor asks for numbers, also of secret cases; no content"),
    ("desk/shapes/audit.py", "Involvement"): (1, _OF_OWN_HOUSE),
    ("desk/shapes/audit.py", "Membership"): (1, _OF_OWN_HOUSE),
    ("desk/shapes/audit.py", "User"): (1, _OF_OWN_HOUSE),
    ("desk/views/business_lists.py", "BroughtList"): (2, "by person and organisation; whether one is gone"),
    ("desk/views/calendar.py", "CalendarFeed"): (1, _OF_ONESELF),
    ("desk/views/calendar.py", "User"): (1, "names of the advisers of entries that were read by the hat"),
    ("desk/views/case.py", "User"): (1, _OF_ONESELF),
    ("desk/views/monthly.py", "Membership"): (1, _OF_OWN_HOUSE),
    ("desk/views/monthly.py", "ReportTemplate"): (2, _OF_OWN_HOUSE),
    ("desk/views/monthly.py", "User"): (2, "the person who asks; people of the own organisation"),
    ("desk/views/notes.py", "Attachment"): (1, "within notes readable_by and cases visible_to"),
    ("desk/views/people.py", "Team"): (1, "none(): filled by visible_to when the form is made"),
    ("desk/views/people.py", "User"): (2, _OF_ONESELF),
    ("desk/views/sharing.py", "Consent"): (1, "of a case that came through the door"),
    ("portal/views/survey.py", "SurveyAnswer"): (1, "found by the secret of its link"),
}
# The same for the three roots of secrecy in the reads of the rooms.
_ROOTS = {"Case", "Business", "Note", "ExpertRequest"}
_READS: dict[tuple[str, str], tuple[int, str]] = {
    ("businesses/queries.py", "Business"): (4, "for operations alone; row numbers of merged records"),
    ("consultations/queries/finding.py", "Business"): (1, _LEGS_OF_A_CASE),
    ("consultations/queries/finding.py", "Case"): (2, _LEGS_OF_A_CASE),
    ("consultations/queries/first_response.py", "Case"): (
        1,
        "yes or no, of a case that came through the door",
    ),
    ("consultations/queries/first_response.py", "Note"): (
        1,
        "yes or no, of a case that came through the door",
    ),
    ("consultations/queries/last_person.py", "Case"): (1, "for operations alone: cases nobody would see"),
    ("consultations/queries/retention.py", "Case"): (2, "for the job alone: what nobody worked on for years"),
    ("consultations/queries/retention.py", "Note"): (1, "for the job alone: whether anything was entered"),
    ("consultations/queries/sharing.py", "ExpertRequest"): (1, "of a case that came through the door"),
    ("consultations/queries/similar.py", "Case"): (1, "numbers that came through the door"),
    ("consultations/statistics/measures.py", "Case"): (
        1,
        "counts; the rows behind them come through the door",
    ),
}


def guarded_models() -> set[str]:
    """Names of the models whose rows belong to a case, a business, a person or an organisation."""
    found = {model.__name__ for room in _ROOMS for model in apps.get_app_config(room).get_models()}
    return found - _OPEN_TO_ALL


def past_the_door(tree: ast.Module, models: set[str]) -> Iterator[str]:
    """The models of which something is read by their manager without going through a door first."""
    entered = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in DOORS  # Case.objects -> .visible_to
    }
    for node in ast.walk(tree):
        is_manager = isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
        if is_manager and id(node) not in entered:
            name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if name in models:
                yield name


def counted(paths: Iterator[Path], root: Path, models: set[str]) -> Counter[tuple[str, str]]:
    """How many reads past the door each file has of each model."""
    return Counter(
        (path.relative_to(root).as_posix(), model)
        for path in paths
        for model in past_the_door(parse(path), models)
    )


def test_every_read_of_a_page_goes_through_a_door():
    web = PACKAGE / "web"
    found = counted(python_files(below=web), web, guarded_models())
    assert found == {place: count for place, (count, _why) in _PAGES.items()}


def test_every_read_of_a_room_goes_through_a_door():
    rooms = [PACKAGE / "consultations", PACKAGE / "businesses"]
    reads = [p for room in rooms for p in python_files(below=room) if re.search("quer|statistics", shown(p))]
    found = counted(iter(reads), PACKAGE, _ROOTS)
    assert found == {place: count for place, (count, _why) in _READS.items()}


def test_every_exception_has_a_reason():
    assert all(why for _count, why in [*_PAGES.values(), *_READS.values()])


@pytest.mark.parametrize(
    "planted",
    [
        "Case.objects.filter(key=key)",
        "Case.objects.filter(key=key).visible_to(hat)",
        "models.Case.objects.all()",
        "get_object_or_404(Case, rows=Case.objects)",
        "Case._default_manager.get(pk=1)",
    ],
)
def test_a_read_past_the_door_is_caught(planted):
    assert list(past_the_door(ast.parse(planted), {"Case"})) == ["Case"]


@pytest.mark.parametrize("fine", ["Case.objects.visible_to(hat).filter(key=key)", "Topic.objects.all()"])
def test_a_read_through_the_door_is_fine(fine):
    assert list(past_the_door(ast.parse(fine), {"Case"})) == []
