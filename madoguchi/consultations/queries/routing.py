"""The region's routing as it stands on a day: rules, absences, and the desks where somebody reads."""

from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.consultations import routing
from madoguchi.consultations.models import RoutingRule, Topic
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.queries.policy import current_policy
from madoguchi.consultations.routing import Absence, Asked, Decision, How, Rule, Setting
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk, Region

BUSINESS_CHOSE = "事業者が、この窓口を選びました。"
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
            How.AMBIGUOUS: SEVERAL_DESKS,
            How.NONE: NO_RULE,
        }[decision.how]
        wanted = self.desks.get(decision.wanted_desk)
        if wanted is None:
            return said
        if decision.absence and decision.desk == decision.absence.instead:
            return STANDS_IN.format(desk=wanted.name, note=decision.absence.note)
        return NOBODY_READS.format(desk=wanted.name)


def routing_of(region: Region, *, on: date, at: datetime, chosen_desk: str = "") -> Routing:
    """The routing of the region on a day; `at` is the machine's time, at which people are members."""
    rows = list(RoutingRule.objects.order_by("position", "pk").select_related("desk"))
    rules = [Rule(row.position + 1, row.conditions, row.desk.slug, row.because) for row in rows]
    absences = _absences()
    general = region.general_desk.slug
    slugs = {general, *(rule.desk for rule in rules)}
    slugs |= {slug for absence in absences for slug in (absence.desk, absence.instead)}
    if chosen_desk:
        slugs.add(chosen_desk)
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


def _absences() -> list[Absence]:
    policy = current_policy()
    return [
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
