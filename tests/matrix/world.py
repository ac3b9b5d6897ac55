"""Five organisations that have nothing to do with each other: people in every role, one of everything.

Each word that somebody could leak carries the canary of its organisation.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Model
from django.test import Client

from madoguchi.accounts import hats
from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Invitation, Membership, Team, User
from madoguchi.accounts.operations import operators
from madoguchi.accounts.roles import Role
from madoguchi.businesses.choices import CustodyReason, Source
from madoguchi.businesses.models import Business, BusinessMember, Custody, YearlyFigures
from madoguchi.consultations.kinds import Channel, ConsentMeans, Visibility
from madoguchi.consultations.models import Appointment, Consent, Meeting, MeetingCase
from madoguchi.consultations.operations import attaching, correcting_talks, experts, planning, recording
from madoguchi.consultations.operations.attaching import Upload
from madoguchi.consultations.operations.recording import Talk
from madoguchi.editing.operations import writing
from madoguchi.foundation import clock
from madoguchi.institutions.models import Organisation
from madoguchi.results.models import Indicator, IndicatorValue, Listing, ProjectIndicator, ReportYear
from madoguchi.reviewing.models import ImportedDocument
from tests.accounts.people import a_member, a_person, an_organisation, sign_in
from tests.consultations.cases import a_taken_case, a_topic, another_involvement, the_involvement
from tests.factories import a_project, a_row, a_unit, an_edition
from tests.matrix import canaries

ORGANISATIONS = 5


@dataclass
class Place:
    """One organisation: who works there and what it has, as the parts of addresses name it."""

    number: int
    organisation: Organisation
    members: dict[Role, Membership] = field(default_factory=dict)
    objects: dict[str, list[str]] = field(default_factory=dict)
    owner: User | None = None
    rows: dict[type[Model], list[int]] = field(default_factory=dict)

    @property
    def canary(self) -> str:
        """The word that only this organisation's own people may ever read."""
        return f"canary-{self.number}-place"

    @property
    def told(self) -> str:
        """The canary as it stands in the content of cases."""
        return f"{self.canary}-told"

    @property
    def inner(self) -> str:
        """A word of internal notes, that no expert may ever read."""
        return f"inner-{self.number}-of-this-place"

    def hat(self, role: Role) -> Hat:
        """Somebody of this organisation in that role."""
        membership = self.members[role]
        return hats.hat_of(membership.user, chosen=membership.pk, at=clock.actual_now())


def build() -> list[Place]:
    """Make the five places."""
    places = []
    for number in range(1, ORGANISATIONS + 1):
        before = canaries.newest()
        places.append(_place(number))
        canaries.plant(places[-1], before)
    return places


def client_of(user: User, membership: Membership | None = None) -> Client:
    """A browser in which this person is signed in, with all that sensitive acts ask for."""
    client = Client(raise_request_exception=False)
    sign_in(client, user, membership, confirmed=True)
    return client


def _place(number: int) -> Place:
    at = clock.actual_now()
    place = Place(number, an_organisation(f"機関{number}"))
    for role in Role:
        user = a_person(at=at, name=f"機関{number}の{role}")
        place.members[role] = a_member(at=at, organisation=place.organisation, role=role, user=user)
    operators.begin(hat=place.hat(Role.OPERATOR), reason="見回り", at=at)
    business = _business(place)
    _cases(place, business)
    _accounts(place)
    _results(place)
    _programmes(place)
    return place


def _business(place: Place) -> Business:
    at, canary = clock.actual_now(), place.canary
    business = Business.objects.create(
        name=canary,
        name_folded=canary,
        telephone=canary[:20],
        url=f"https://{canary}.example.jp",
        created_at=at,
    )
    Custody.objects.create(
        business=business,
        organisation=place.organisation,
        reason=CustodyReason.REGISTERED,
        since=at,
        actor_label="",
    )
    place.owner = a_person(at=at, name=canary)
    owner = BusinessMember.objects.create(
        business=business, user=place.owner, role="owner", starts_at=at - timedelta(days=1)
    )
    YearlyFigures.objects.create(
        business=business, begins_on=date(2022, 4, 1), ends_on=date(2023, 3, 31), source=Source.OWNER, at=at
    )
    place.objects["business"] = [business.key]
    place.objects["member"] = [str(owner.pk)]
    return business


def _cases(place: Place, business: Business) -> None:
    at, canary, hat = clock.now(), place.canary, place.hat(Role.ADVISER)
    told = {"title": canary, "words": canary, "contact": {"name": canary}, "business": business}
    plain = a_taken_case(hat, topics=[a_topic()], **told)
    secret = a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)], **told)
    for case in (plain, secret):
        involvement = the_involvement(case, hat)
        talk = Talk(channel=Channel.DESK, held_on=clock.today(), place=canary)
        held = recording.record_consultation(involvement=involvement, talk=talk, hat=hat, at=at, body=canary)
        correcting_talks.take_back(talk=held, why=canary, version=1, hat=hat, at=at)
        correcting_talks.count_again(talk=held, why=canary, version=2, hat=hat, at=at)
        inner = f"{canary} {place.inner}"
        note = recording.write_note(case=case, body=inner, visibility=Visibility.INTERNAL, hat=hat, at=at)
        attaching.attach(note=note, files=[Upload(f"{canary}.txt", canary.encode())], hat=hat, at=at)
        planning.add_task(case=case, title=canary, due_on=clock.today(), hat=hat, at=at)
        consent = Consent.objects.create(
            case=case, outside_name=canary, means=ConsentMeans.SPOKEN, given_at=at, recorded_by_id=hat.user_id
        )
        outside = case.involvements.create(outside_name=canary, state="sent", sent_at=at, message=canary)
        appointment = Appointment.objects.create(
            case=case, involvement=involvement, adviser_id=hat.user_id, place=canary, note=canary,
            starts_at=at + timedelta(hours=1), ends_at=at + timedelta(hours=2), place_kind="visit",
            uid=f"{case.key}@example.jp", made_at=at,
        )  # fmt: skip
        place.objects.setdefault("case", []).append(case.key)
        place.objects.setdefault("appointment", []).append(str(appointment.pk))
        place.objects.setdefault("talk", []).append(str(held.pk))
        place.objects.setdefault("note", []).append(str(note.pk))
        place.objects.setdefault("file", []).append(note.attachments.get().key)
        place.objects.setdefault("consent", []).append(str(consent.pk))
        place.objects.setdefault("involvement", []).append(str(outside.pk))
    request = experts.ask(
        case=plain, expert=place.members[Role.EXPERT], question=canary, shows_figures=False, hat=hat, at=at
    )
    place.objects["assigned"] = [request.key]
    meeting = Meeting.objects.create(
        key=f"meeting{place.number:05d}", organisation=place.organisation, held_on=clock.today(),
        attendees=canary, minutes=inner, written_by_id=hat.user_id, written_at=at,
    )  # fmt: skip
    MeetingCase.objects.create(meeting=meeting, case=plain, decision=canary)
    place.objects["meeting"] = [meeting.key]


def _accounts(place: Place) -> None:
    at = clock.actual_now()
    team = Team.objects.create(organisation=place.organisation, name=place.canary)
    invitation = Invitation.objects.create(
        email=f"{place.canary}@example.jp", organisation=place.organisation, role=Role.ADVISER,
        token_hash=f"{place.number:064d}", invited_by=place.members[Role.MANAGER].user, invited_at=at,
        expires_at=at + timedelta(days=7),
    )  # fmt: skip
    place.objects["membership"] = [str(place.members[Role.ADVISER].pk)]
    place.objects["team"] = [str(team.pk)]
    place.objects["invitation"] = [str(invitation.pk)]


def _results(place: Place) -> None:
    """A project of the place's own unit in a report that nobody of the five keeps together, and a document
    that was read, which is for who does."""
    canary, at = place.canary, clock.actual_now()
    year, _is_new = ReportYear.objects.get_or_create(fiscal_year=2023)
    unit = a_unit(f"unit-{place.number}", place.organisation, name=canary)
    for role in (Role.OFFICER, Role.MANAGER):
        Membership.objects.filter(pk=place.members[role].pk).update(unit=unit)
    project = a_project(f"project-{place.number}", name=canary)
    project.units.add(unit)
    listing, _is_new = Listing.objects.get_or_create(
        code="list", fiscal_year=2023, defaults={"source": {}, "is_draft": True}
    )
    a_row(listing, project)
    year.returns.create(unit=unit, note=canary)
    indicator = Indicator.objects.create(
        key=f"indicator-{place.number}", name=canary, counting="each", good="more", question=canary
    )
    ProjectIndicator.objects.create(project=project, indicator=indicator, position=0)
    value = IndicatorValue.objects.create(
        indicator=indicator, fiscal_year=2023, raw=canary, kind="words", entered_at=at
    )
    document = ImportedDocument.objects.create(
        key=f"import{place.number:06d}", sha256=f"{place.number:064d}", kind="annual_report", name=canary,
        imported_at=at, read_at=at,
    )  # fmt: skip
    record = document.records.create(path="1/1", kind="project", position=0, name=canary)
    field = record.fields.create(
        what="name", position=0, value=canary, confidence=1, first_line=1, last_line=1
    )
    document.lines.create(number=1, text=canary)
    place.objects["import"] = [document.key]
    place.objects["draft_record"] = [str(record.pk)]
    place.objects["draft_field"] = [str(field.pk)]
    place.objects["unit"] = [unit.slug]
    place.objects["project"] = [project.slug]
    place.objects["value"] = [str(value.pk)]


def _programmes(place: Place) -> None:
    """A draft of the place, and a programme of its own that is public."""
    document = {"name": place.canary, "summary": place.canary}
    at, hat = clock.now(), place.hat(Role.OFFICER)
    draft = writing.begin(hat=hat, fiscal_year=2023, at=at)
    writing.write(draft=draft, document=document, version=draft.version, hat=hat, at=at)
    owner = {"role": "owner", "organisation": place.organisation}
    edition = an_edition(f"programme-{place.number}", roles=[owner])
    place.objects["programme_draft"] = [draft.key]
    place.objects["programme"] = [edition.programme.slug]


def share(case_of: Place, to: Place) -> str:
    """Let a place take part in the first case of another: what the negative twin of the matrix needs."""
    from madoguchi.consultations.models import Case

    case = Case.objects.get(key=case_of.objects["case"][0])
    another_involvement(case, to.organisation)
    return case.key
