"""The page of a case: its head, what is next, who works on it, and the business at the side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from madoguchi.businesses.choices import EmployeesCounted
from madoguchi.businesses.models import Business, YearlyFigures
from madoguchi.catalogue.models import Programme
from madoguchi.consultations.kinds import ConsentMeans, ContactMode
from madoguchi.consultations.models import Case, Consent, Involvement, Task
from madoguchi.consultations.states import CaseState
from madoguchi.institutions import naming
from madoguchi.japan import industries, sme_law
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.web.desk.shapes import labels
from madoguchi.web.desk.shapes.labels import Due
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Head:
    """What stands above a case."""

    topic: str
    state: str
    state_look: str
    number: str
    who: str
    title: str
    opened_on: date
    days: int
    is_secret: bool
    is_closed: bool
    is_held: bool


@dataclass(frozen=True)
class Todo:
    """One open task: whose it is, and until when; own ones and the business's can be ticked."""

    pk: int
    title: str
    whose: str
    due: Due | None
    can_be_ticked: bool


@dataclass(frozen=True)
class Fact:
    """One line about the business."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Partner:
    """Somebody who works on the case."""

    role: str
    name: str
    adviser: str
    telephone: str


@dataclass(frozen=True)
class Agreement:
    """What the business agreed to, in a sentence."""

    sentence: str
    is_withdrawn: bool


# The pages of a case, by the names of their routes.
_PAGES = (
    "record",
    "tasks",
    "take",
    "first",
    "situation",
    "plan",
    "similar",
    "print",
    "change",
    "case_business",
    "close",
    "reopen",
    "erase",
    "refer",
    "experts",
    "answer",
    "finish",
    "sharing",
    "case_people",
    "appointment_new",
    "business_page",
)


def head(case: Case, *, on: date) -> Head:
    """What stands above a case."""
    state, look = labels.case_state(case.state)
    opened_on = timezone.localdate(case.opened_at)
    return Head(
        topic=case.main_topic.label if case.main_topic else gettext("相談"),
        state=state,
        state_look=look,
        number=case.number,
        who=labels.who(case),
        title=case.title,
        opened_on=opened_on,
        days=(on - opened_on).days + 1,
        is_secret=case.is_secret,
        is_closed=case.state == CaseState.CLOSED,
        is_held=case.state == CaseState.HELD,
    )


def todos(tasks: Iterable[Task], *, own: Involvement | None, can_work: bool, on: date) -> list[Todo]:
    """The open tasks as lines."""
    own_pk = own.pk if own else None
    return [
        Todo(
            pk=task.pk,
            title=task.title,
            whose=_whose(task, own_pk),
            due=labels.due(task.due_on, on=on),
            can_be_ticked=can_work and task.involvement_id in (None, own_pk),
        )
        for task in tasks
    ]


def _whose(task: Task, own: int | None) -> str:
    if task.involvement is None:
        return gettext("事業者がすること")
    if task.involvement_id == own:
        return ""
    organisation = task.involvement.organisation
    return organisation.name if organisation else task.involvement.outside_name


def contact_facts(case: Case) -> list[Fact]:
    """How the case's own person is reached."""
    mode = str(ContactMode(case.contact_mode).label) if case.contact_mode else ""
    found = (
        Fact(gettext("相談した人"), case.contact_name),
        Fact(gettext("電話"), case.contact_telephone),
        Fact(gettext("メール"), case.contact_email),
        Fact(gettext("連絡のしかた"), "　".join(part for part in (mode, case.contact_when) if part)),
    )
    return [fact for fact in found if fact.value]


def request_facts(case: Case, programme: Programme | None) -> list[Fact]:
    """What a request told besides: for whom, in which language, from which programme's page."""
    spoken = "" if case.language == settings.LANGUAGE_CODE else case.language
    found = (
        Fact(gettext("会社・お店の名前"), case.answers.get("company", "")),
        Fact(gettext("法人番号（本人の入力）"), case.answers.get("corporate_number", "")),
        Fact(gettext("話すことば"), dict(settings.LANGUAGES).get(spoken, spoken)),
        Fact(gettext("見ていた支援"), programme.name if programme else ""),
    )
    return [fact for fact in found if fact.value]


def case_facts(case: Case) -> list[Fact]:
    """What the case says of the business on its own: as it was when it was opened."""
    found = (
        Fact(gettext("所在地"), labels.area_name(case.area_code)),
        Fact(gettext("業種"), labels.industry_name(case.industry)),
        Fact(gettext("従業員"), "" if case.employees is None else _people(case.employees)),
    )
    return [fact for fact in found if fact.value]


def business_facts(business: Business, newest: YearlyFigures | None) -> list[Fact]:
    """What the record of the business says."""
    size = "・".join(
        part
        for part in (
            gettext("従業員%(people)s") % {"people": _people(business.employees)}
            if business.employees is not None
            else "",
            gettext("資本金%(amount)s") % {"amount": wording.in_man(business.capital_yen)}
            if business.capital_yen is not None
            else "",
        )
        if part
    )
    found = (
        Fact(gettext("所在地"), labels.area_name(business.area_code)),
        Fact(gettext("業種"), labels.industry_name(business.industry)),
        Fact(gettext("規模"), size, size_class(business)),
        Fact(gettext("電話"), business.telephone),
        _sales(newest),
    )
    return [fact for fact in found if fact.value]


def _sales(newest: YearlyFigures | None) -> Fact:
    amount = newest.amounts.get("sales_yen") if newest else None
    if newest is None or amount is None:
        return Fact(gettext("売上高"), "")
    year = wording.fiscal_year(FiscalYear.of(newest.ends_on).start_year)
    return Fact(gettext("売上高"), wording.in_man(amount), year)


def size_class(business: Business) -> str:
    """小規模企業者 or 中小企業者 of the Act, as far as the record settles it; empty where it does not."""
    kind = _sme_class(business.industry)
    counts_regular = business.employees_counted in ("", EmployeesCounted.REGULAR)
    people = business.employees if counts_regular else None
    if kind is None:
        return ""
    if sme_law.small_business_rules()[kind.value].is_met(employee_count=people):
        return gettext("小規模企業者に当たります")
    rule = sme_law.sme_rules()[kind.value]
    if business.legal_form == "sole":
        is_met = rule.is_met_by_individual(employee_count=people)
    else:
        is_met = rule.is_met(capital_yen=business.capital_yen, employee_count=people)
    if is_met is None:
        return gettext("中小企業者に当たるかは、人数か資本金がわかると決まります")
    return gettext("中小企業者に当たります") if is_met else gettext("中小企業者に当たりません")


def _sme_class(industry: str) -> industries.SmeClass | None:
    try:
        return industries.sme_class(industry) if industry else None
    except ValueError:
        return None


def _people(count: int) -> str:
    return gettext("%(count)d人") % {"count": count}


def partners(involvements: Sequence[Involvement], *, on: date) -> list[Partner]:
    """Everybody who is or was at work, the lead first."""
    return [_partner(each, on) for each in involvements]


def _partner(involvement: Involvement, on: date) -> Partner:
    state = labels.involvement_state(involvement.state)
    if involvement.is_lead:
        role = gettext("責任をもつ機関（%(state)s）") % {"state": state}
    else:
        role = gettext("引き継ぎ先（%(state)s）") % {"state": state}
    organisation = involvement.organisation
    unit = involvement.unit or involvement.desk
    name = organisation.name if organisation else involvement.outside_name
    return Partner(
        role=role,
        name=naming.of_part(name, unit.name if unit else ""),
        adviser=involvement.adviser.display_name if involvement.adviser else "",
        telephone=organisation.telephone if organisation else "",
    )


def agreements(consents: Iterable[Consent], *, on: date) -> list[Agreement]:
    """What the business agreed to, in words."""
    return [_agreement(each, on) for each in consents]


def _agreement(consent: Consent, on: date) -> Agreement:
    names = [organisation.name for organisation in consent.organisations.all()]
    if consent.outside_name:
        names.append(consent.outside_name)
    whom = gettext("相談先が選ぶ機関") if consent.is_general else "、".join(names)
    parts = {
        "day": wording.day(consent.given_at, today=on),
        "means": ConsentMeans(consent.means).label,
        "whom": whom,
    }
    sentence = gettext("%(day)sに%(means)s：%(whom)sに伝えることに同意") % parts
    if consent.withdrawn_at:
        back = wording.day(consent.withdrawn_at, today=on)
        sentence += gettext("（%(day)sに取り消し）") % {"day": back}
    return Agreement(sentence, consent.withdrawn_at is not None)


def saved_words(saved_at: datetime | None) -> str:
    """When what is being typed was kept last; empty when nothing was."""
    return gettext("%(time)sまでの入力が残っています。") % {"time": _time(saved_at)} if saved_at else ""


def _time(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M")


def urls(case: Case) -> dict[str, str]:
    """The pages of a case."""
    return {name: reverse(f"desk:{name}", args=[case.key]) for name in _PAGES}
