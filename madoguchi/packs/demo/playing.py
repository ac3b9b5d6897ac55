"""A whole demonstration, played in the order in which things happened; all of it or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from madoguchi.accounts.demonstration import people
from madoguchi.businesses.models import Business
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import chasing, meetings, templates
from madoguchi.foundation import audit
from madoguchi.foundation.errors import DomainError
from madoguchi.packs import schema_demo
from madoguchi.packs.demo import yearly
from madoguchi.packs.demo.acts import Doing, do
from madoguchi.packs.demo.cast import Cast, gather
from madoguchi.packs.demo.days import Days
from madoguchi.packs.demo.opening import Beginning, begin
from madoguchi.packs.demo.shops import open_shops
from madoguchi.packs.schema_demo import Demo

# Everybody was there before the first case.
_BEFORE = timedelta(days=30)


class CannotPlay(Exception):
    """What demo.yaml tells cannot have happened so: where, and why."""


@dataclass
class Stage:
    """What there is while a demonstration is played."""

    cast: Cast
    businesses: dict[str, Business]
    days: Days
    cases: dict[str, Case] = field(default_factory=dict)


@dataclass(frozen=True)
class _Scene:
    """One thing that happens at a moment; `place` is where it stands in demo.yaml."""

    at: datetime
    place: str
    play: Callable[[], None]


def is_played() -> bool:
    """Whether a demonstration has been played here."""
    return people().exists()


def play(demo: Demo, *, now: datetime, access_at: datetime) -> int:
    """Play a demonstration and return how many cases there are; one that was played is left as it is.

    `now` is the time the site believes in, `access_at` the machine's. Raises CannotPlay.
    """
    if is_played():
        return 0
    days = Days(now)
    since = datetime.combine(days.back(_first_day(demo)), now.time(), tzinfo=now.tzinfo) - _BEFORE
    with transaction.atomic():
        cast = gather(demo, since=since, access_at=access_at)
        stage = Stage(cast, open_shops(demo, cast=cast, days=days, since=since), days)
        for template in demo.note_templates:
            hat = cast.hats[template.by]
            templates.keep_template(name=template.name, body=template.body, hat=hat, at=since)
        if demo.report:
            keeper = cast.hats[demo.report.published_by]
            _play(
                _Scene(
                    since, "report", partial(yearly.begin, demo.report, keeper=keeper, days=days, at=since)
                )
            )
        # Sorting is stable: what stands first in the file happens first within a moment.
        for scene in sorted(_scenes(demo, stage), key=lambda scene: scene.at):
            _play(scene)
        chasing.chase(on=now.date(), at=now, access_at=access_at)
        audit.record("demo.played", at=now, by=audit.SYSTEM, subject_type="demo", subject_id="")
    return len(stage.cases)


def _first_day(demo: Demo) -> int:
    return max((case.opened.ago for case in demo.cases), default=0)


def _play(scene: _Scene) -> None:
    try:
        scene.play()
    except (DomainError, LookupError, ObjectDoesNotExist, ValueError) as error:
        raise CannotPlay(f"{scene.place}: {error}") from error


def _scenes(demo: Demo, stage: Stage) -> list[_Scene]:
    scenes = [scene for case in demo.cases for scene in _of_case(case, stage)]
    for number, meeting in enumerate(demo.meetings):
        at = stage.days.moment(meeting.ago, key="meeting", nth=20)
        scenes.append(_Scene(at, f"meetings.{number}", _meeting(meeting, stage, at)))
    return [*scenes, *(_of_report(demo.report, stage) if demo.report else ())]


def _of_report(report: schema_demo.Report, stage: Stage) -> Iterator[_Scene]:
    year, hats, days = report.fiscal_year, stage.cast.hats, stage.days
    for number, filled in enumerate(report.filled):
        at = days.moment(filled.ago, key=filled.project, nth=number)
        play = partial(yearly.fill, year, filled, hat=hats[filled.by], at=at)
        yield _Scene(at, f"report.filled.{number}", play)
    for number, moved in enumerate(report.moved):
        at = days.moment(moved.ago, key="report", nth=21 + number)
        play = partial(yearly.move, year, moved, hat=hats[moved.by], at=at)
        yield _Scene(at, f"report.moved.{number}", play)


def _of_case(record: schema_demo.Case, stage: Stage) -> list[_Scene]:
    key, days = record.key, stage.days
    at = days.moment(record.opened.ago, key=key, nth=0)
    scenes = [_Scene(at, f"{key}: opened", _beginning(record, stage, at))]
    for number, step in enumerate(record.steps):
        at = days.moment(step.ago, key=key, nth=number + 1)
        place = f"{key}: steps.{number} {step.act[0]}"
        scenes.append(_Scene(at, place, _step(record, number, step, stage, at)))
    return scenes


def _beginning(record: schema_demo.Case, stage: Stage, at: datetime) -> Callable[[], None]:
    def play() -> None:
        business = stage.businesses[record.business] if record.business else None
        beginning = Beginning(record, business, stage.cast, at, once=f"demo:{record.key}")
        stage.cases[record.key] = begin(beginning)

    return play


def _step(
    record: schema_demo.Case, number: int, step: schema_demo.Step, stage: Stage, at: datetime
) -> Callable[[], None]:
    def play() -> None:
        case = stage.cases[record.key]
        case.refresh_from_db()
        doing = Doing(
            case=case,
            hat=stage.cast.hats[step.by] if step.by else None,
            users=stage.cast.users,
            days=stage.days,
            at=at,
            once=f"demo:{record.key}:{number}",
        )
        do(doing, *step.act)

    return play


def _meeting(record: schema_demo.Meeting, stage: Stage, at: datetime) -> Callable[[], None]:
    def play() -> None:
        told = meetings.Minutes(
            held_on=at.date(),
            attendees=record.attendees,
            minutes=record.minutes,
            decisions={stage.cases[key]: text for key, text in record.decisions.items()},
        )
        meetings.keep_meeting(told=told, hat=stage.cast.hats[record.by], at=at)

    return play
