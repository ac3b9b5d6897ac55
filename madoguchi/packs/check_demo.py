"""Checking demo.yaml: whoever and whatever it names is there."""

from collections.abc import Collection, Iterable, Iterator

from pydantic import BaseModel

from madoguchi.accounts.roles import PERMISSIONS
from madoguchi.foundation.yaml_reader import Position
from madoguchi.japan import areas, industries
from madoguchi.packs.pack import Pack
from madoguchi.packs.schema_demo import Case, Demo, Opened, Report, Step

Finding = tuple[BaseModel, Position, str]


def findings(pack: Pack) -> Iterator[Finding]:
    """Everything that does not fit, by its place."""
    demo = pack.demo
    if demo is None:
        return
    if pack.consultations is None:
        yield demo, (), "demo.yaml には、consultations.yaml が要ります"
        return
    names = _Names(pack, demo)
    for place, name, known, what in _references(demo, names):
        if name is not None and name not in known:
            yield demo, place, f"{what}「{name}」は、ありません"
    yield from _twice(demo)
    yield from _codes(demo)


class _Names:
    """Every name that demo.yaml may use."""

    def __init__(self, pack: Pack, demo: Demo) -> None:
        self.people = {person.key for person in demo.people}
        # The first post is the one a person acts in.
        self.staff = {
            person.key
            for person in demo.people
            if person.posts and "cases.write" in PERMISSIONS[person.posts[0].role]
        }
        self.writers = {
            person.key
            for person in demo.people
            if person.posts and "results.write" in PERMISSIONS[person.posts[0].role]
        }
        self.projects = {item.slug for item in pack.projects}
        self.indicators = {row.key for result in pack.results for row in result.indicators}
        self.experts = {
            person.key
            for person in demo.people
            if person.posts and "cases.assigned" in PERMISSIONS[person.posts[0].role]
        }
        self.businesses = {business.key for business in demo.businesses}
        self.cases = {case.key for case in demo.cases}
        self.organisations = {item.slug for item in pack.organisations}
        self.units = {item.slug for item in pack.units}
        self.desks = {item.slug for item in pack.desks}
        self.programmes = {item.slug for item in pack.programmes}
        consultations = pack.consultations
        self.topics = {topic.code for topic in consultations.topics} if consultations else set()
        fields = consultations.policy.situation_fields if consultations else []
        self.figures = {field.key for field in fields}


_Reference = tuple[Position, str | None, Collection[str], str]
_PERSON, _STAFF, _EXPERT, _WRITER = "この人", "案件を扱う人", "専門家", "報告を書く人"


def _references(demo: Demo, names: _Names) -> Iterator[_Reference]:
    for index, person in enumerate(demo.people):
        for number, post in enumerate(person.posts):
            at: Position = ("people", index, "posts", number)
            yield (*at, "organisation"), post.organisation, names.organisations, "機関"
            yield (*at, "unit"), post.unit, names.units, "部署"
    for index, business in enumerate(demo.businesses):
        at = ("businesses", index)
        yield (*at, "on_books_of"), business.on_books_of, names.organisations, "機関"
        yield (*at, "owner"), business.owner, names.people, _PERSON
        if business.delegate:
            yield (*at, "delegate", "person"), business.delegate.person, names.people, _PERSON
    for index, case in enumerate(demo.cases):
        yield from _of_case(case, ("cases", index), names)
    for index, meeting in enumerate(demo.meetings):
        yield ("meetings", index, "by"), meeting.by, names.staff, _STAFF
        for key in meeting.decisions:
            yield ("meetings", index, "decisions", key), key, names.cases, "案件"
    for index, template in enumerate(demo.note_templates):
        yield ("note_templates", index, "by"), template.by, names.staff, _STAFF
    if demo.report:
        yield from _of_report(demo.report, names)


def _of_report(report: Report, names: _Names) -> Iterator[_Reference]:
    yield ("report", "published_by"), report.published_by, names.writers, _WRITER
    for index, filled in enumerate(report.filled):
        at: Position = ("report", "filled", index)
        yield (*at, "by"), filled.by, names.writers, _WRITER
        yield (*at, "project"), filled.project, names.projects, "事業"
        yield from _each((*at, "values"), filled.values, names.indicators, "成果指標")
    for index, moved in enumerate(report.moved):
        yield ("report", "moved", index, "by"), moved.by, names.writers, _WRITER
        yield ("report", "moved", index, "unit"), moved.unit, names.units, "部署"


def _of_case(case: Case, at: Position, names: _Names) -> Iterator[_Reference]:
    yield (*at, "business"), case.business, names.businesses, "事業者"
    yield from _each((*at, "topics"), case.topics, names.topics, "相談の内容")
    yield from _of_opening(case.opened, (*at, "opened"), names)
    for number, step in enumerate(case.steps):
        yield from _of_step(step, (*at, "steps", number), names)


def _of_opening(opened: Opened, at: Position, names: _Names) -> Iterator[_Reference]:
    yield (*at, "by"), opened.by, names.staff, _STAFF
    yield (*at, "desk"), opened.desk, names.desks, "窓口"
    yield (*at, "requester"), opened.requester, names.people, _PERSON


def _of_step(step: Step, at: Position, names: _Names) -> Iterator[_Reference]:
    if step.act[0] in ("expert_accept", "expert_report"):
        yield (*at, "by"), step.by, names.experts, _EXPERT
    else:
        yield (*at, "by"), step.by, names.staff, _STAFF
    if step.ask_expert:
        yield (*at, "ask_expert", "expert"), step.ask_expert.expert, names.experts, _EXPERT
    yield (*at, "hand_over"), step.hand_over, names.staff, _STAFF
    yield (*at, "name_person"), step.name_person, names.people, _PERSON
    if step.talk:
        yield (*at, "talk", "topic"), step.talk.topic, names.topics, "相談の内容"
    if step.refer:
        yield (*at, "refer", "organisation"), step.refer.organisation, names.organisations, "機関"
        yield (*at, "refer", "desk"), step.refer.desk, names.desks, "窓口"
        yield from _each((*at, "refer", "people"), step.refer.people, names.staff, _STAFF)
    if step.introduce:
        yield from _each((*at, "introduce", "desks"), step.introduce.desks, names.desks, "窓口")
        programmes = step.introduce.programmes
        yield from _each((*at, "introduce", "programmes"), programmes, names.programmes, "制度")
    if step.situation:
        for key in step.situation.figures:
            yield (*at, "situation", "figures", key), key, names.figures, "経営状況の項目"


def _each(at: Position, values: Iterable[str], known: Collection[str], what: str) -> Iterator[_Reference]:
    for index, value in enumerate(values):
        yield (*at, index), value, known, what


def _twice(demo: Demo) -> Iterator[Finding]:
    for name in ("people", "businesses", "cases"):
        seen: set[str] = set()
        for index, record in enumerate(getattr(demo, name)):
            if record.key in seen:
                yield demo, (name, index, "key"), f"「{record.key}」が二度書かれています"
            seen.add(record.key)


def _codes(demo: Demo) -> Iterator[Finding]:
    """Areas have to be municipalities, industries known ones."""
    for name in ("businesses", "cases"):
        for index, record in enumerate(getattr(demo, name)):
            if record.area is not None and not _is_municipality(record.area):
                yield demo, (name, index, "area"), f"市区町村のコードではありません（{record.area}）"
            if record.industry is not None and not _is_industry(record.industry):
                yield demo, (name, index, "industry"), f"業種「{record.industry}」は、ありません"


def _is_municipality(code: str) -> bool:
    try:
        return areas.get(code).is_municipality
    except ValueError:
        return False


def _is_industry(code: str) -> bool:
    try:
        industries.get(code)
    except ValueError:
        return False
    return True
