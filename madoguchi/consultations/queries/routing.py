"""The region's routing as it stands on a day: rules, absences, and the desks where somebody reads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.catalogue.models import EditionContact, Programme
from madoguchi.catalogue.states import EditionState
from madoguchi.consultations import routing
from madoguchi.consultations.models import DeskAbsence, RoutingRule, Topic
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.queries.policy import current_policy
from madoguchi.consultations.routing import Absence, Asked, Decision, How, Rule, Setting
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk, Region
from madoguchi.japan import areas

BUSINESS_CHOSE = "事業者が、この窓口を選びました。"
ITS_PROGRAMME = "えらんだ制度の窓口です。"
SEVERAL_DESKS = "いくつかの窓口にまたがる内容なので、総合の窓口が受けて分けます。"
NO_RULE = "当てはまる決まりがないので、総合の窓口が受けます。"
STANDS_IN = "「{desk}」が休みのため（{note}）、代わりに受けます。"
NOBODY_READS = "「{desk}」は、このサイトではまだ相談を受けていないので、総合の窓口が受けます。"


@dataclass(frozen=True)
class Routed:
    """The desk a request goes to and the sentence that says why."""

    desk: Desk
    because: str
    decision: Decision


@dataclass(frozen=True)
class Routing:
    """Everything that decides, read once; `desks` are all that rules and absences name, by slug."""

    setting: Setting
    desks: dict[str, Desk]
    secret_topics: frozenset[str]

    def decide(self, asked: Asked, *, on: date) -> Routed:
        """Where a request goes on a day."""
        decision = routing.decide(asked, self.setting, on=on)
        return Routed(self.desks[decision.desk], self._because(decision), decision)

    def _because(self, decision: Decision) -> str:
        said = {
            How.RULE: decision.rule.because if decision.rule else "",
            How.CHOSEN: BUSINESS_CHOSE,
            How.PROGRAMME: ITS_PROGRAMME,
            How.AMBIGUOUS: SEVERAL_DESKS,
            How.NONE: NO_RULE,
        }[decision.how]
        wanted = self.desks.get(decision.wanted_desk)
        if wanted is None:
            return said
        if decision.absence and decision.desk == decision.absence.instead:
            return STANDS_IN.format(desk=wanted.name, note=decision.absence.note)
        return NOBODY_READS.format(desk=wanted.name)


def routing_of(region: Region, *, on: date, at: datetime, named: Collection[str] = ()) -> Routing:
    """The routing of the region on a day; `at` is the machine's time, at which people are members.

    `named` are slugs of desks that the request itself names.
    """
    rows = list(RoutingRule.objects.order_by("position", "pk").select_related("desk"))
    rules = [Rule(row.position + 1, row.conditions, row.desk.slug, row.because) for row in rows]
    general = region.general_desk.slug
    absences = _absences(on=on, general=general)
    slugs = {general, *named, *(rule.desk for rule in rules)} - {""}
    slugs |= {slug for absence in absences for slug in (absence.desk, absence.instead)}
    # Also those that the pack dropped since: a decision on them hands on to the general desk.
    desks = {
        desk.slug: desk
        for desk in Desk.everything.filter(slug__in=slugs).select_related("organisation", "unit")
    }
    setting = Setting(
        rules=rules,
        general_desk=general,
        usable=_usable(desks, on=on, at=at),
        groupings=institutions.groupings(region),
        absences=absences,
    )
    secret = Topic.objects.filter(is_secret=True, is_current=True).values_list("code", flat=True)
    return Routing(setting, desks, frozenset(secret))


def desk_of_programme(slug: str, *, area: str, on: date, region: Region) -> str:
    """The slug of a programme's own desk: the first that an edition prints, the newest before the others;
    else the only one of the programme that serves the area; empty without one.
    """
    contacts = EditionContact.objects.filter(
        edition__programme__slug=slug, edition__state=EditionState.PUBLISHED, desk__isnull=False
    )
    printed = contacts.order_by("-edition__fiscal_year", "position", "pk").values_list(
        "desk__slug", flat=True
    )
    if found := printed.first():
        return found
    own = Programme.objects.filter(slug=slug).values("desks")
    groupings = institutions.groupings(region)
    near = [
        desk.slug
        for desk in institutions.desks(on=on).filter(pk__in=own)
        if not area or any(areas.covers(wide, area, groupings=groupings) for wide in desk.covers)
    ]
    return near[0] if len(near) == 1 else ""


def _absences(*, on: date, general: str) -> list[Absence]:
    """Those of the pack, and those entered by hand that are not over."""
    policy = current_policy()
    entered = (
        DeskAbsence.objects.not_over(on=on).select_related("desk", "instead").order_by("begins_on", "pk")
    )
    by_hand = [
        Absence(
            row.desk.slug,
            row.begins_on,
            row.ends_on,
            row.instead.slug if row.instead else general,
            row.reason,
        )
        for row in entered
    ]
    return by_hand + [
        Absence(
            row["desk"],
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["until"]),
            row["instead"],
            row["note"],
        )
        for row in (policy.absences if policy else [])
    ]


def _usable(desks: dict[str, Desk], *, on: date, at: datetime) -> frozenset[str]:
    """Desks that stand on the day and whose organisation has somebody who reads cases."""
    standing = institutions.desks(on=on).filter(slug__in=desks).values_list("slug", "organisation")
    read = colleagues.staffed(at=at)
    return frozenset(slug for slug, organisation in standing if organisation in read)
