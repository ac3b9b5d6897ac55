"""What demo.yaml may hold: fictional people and businesses, and what happened between them.

Days are counted from the day the site believes in: `ago` back, `in_days` ahead.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from madoguchi.accounts.roles import Role
from madoguchi.businesses.choices import LegalForm
from madoguchi.consultations.kinds import (
    Channel,
    ConsentMeans,
    ContactMode,
    Continued,
    DeclineReason,
    FirstStep,
    Improved,
    Outcome,
    Result,
    Urgency,
    Visibility,
)
from madoguchi.consultations.states import InvolvementState
from madoguchi.packs.values import AreaCode, Code, IndustryCode, Slug, Small, Strict, Text
from madoguchi.packs.values import Year as FiscalYear

# Two years are more than any list of a demonstration shows.
Ago = Annotated[int, Field(ge=0, le=730, strict=True)]
InDays = Annotated[int, Field(ge=0, le=365, strict=True)]
Whole = Annotated[int, Field(ge=0, le=10**12, strict=True)]
# Nobody can be rung up by mistake: no exchange (市内局番) begins with 0.
Telephone = Annotated[str, StringConstraints(pattern=r"^0[1-9]\d{0,3}-0\d{1,3}-\d{4}$")]


class Post(Strict):
    """As what somebody works where; the first of a person is the one they act in."""

    organisation: Slug
    role: Role
    unit: Slug | None = None
    team: str = ""


class Person(Strict):
    """Somebody to sign in as. Without a post it is a person of a business, or about to found one."""

    key: Slug
    name: Text
    posts: list[Post] = []


class Year(Strict):
    """The figures of an accounting period that ended so many days ago."""

    ended_ago: Ago
    amounts: dict[Code, Whole]


class Mandate(Strict):
    """Who acts for a business as its delegate."""

    person: Slug
    profession: Text
    evidence: Text


class Business(Strict):
    """A business that is plainly fictional."""

    key: Slug
    name: Text
    kana: str = ""
    legal_form: LegalForm | None = None
    is_founder: bool = False
    area: AreaCode
    town: str = ""
    industry: IndustryCode | None = None
    capital_yen: Annotated[int, Field(ge=0, le=10**10, strict=True)] | None = None
    employees: Annotated[int, Field(ge=0, le=10**5, strict=True)] | None = None
    founded: str = ""
    telephone: Telephone | None = None
    representative: str = ""
    on_books_of: Slug
    owner: Slug | None = None
    delegate: Mandate | None = None
    years: list[Year] = []

    @model_validator(mode="after")
    def _delegates_have_an_owner(self) -> Self:
        if self.delegate and not self.owner:
            raise ValueError("代理人がいる事業者には、owner が要ります（代理人は本人が招待します）")
        return self


class Opened(Strict):
    """How a case began: by an adviser at the desk (`by`), or as a request that a desk was sent."""

    ago: Ago
    by: Slug | None = None
    desk: Slug | None = None
    channel: Channel = Channel.WEB
    urgency: Urgency = Urgency.NORMAL
    requester: Slug | None = None
    contact_name: str = ""
    contact_mode: ContactMode | None = None
    is_anonymous: bool = False
    shares_with_others: bool = False
    held_because: str = ""

    @model_validator(mode="after")
    def _begins_once(self) -> Self:
        if self.by and self.held_because:
            raise ValueError("by（窓口で受けた人）と held_because は、いっしょに書けません")
        if not self.by and not self.desk and self.channel != Channel.WEB:
            raise ValueError("Web でない相談には、by か desk が要ります")
        return self


class Talk(Strict):
    """A talk, with the note about it."""

    channel: Channel
    minutes: Small
    note: Text
    visibility: Visibility = Visibility.SHARED
    topic: Code | None = None
    place: str = ""


class Task(Strict):
    """Something to do; what should have been done by now is so many days late."""

    title: Text
    in_days: InDays | None = None
    days_late: Annotated[int, Field(ge=1, le=365, strict=True)] | None = None
    is_for_business: bool = False

    @model_validator(mode="after")
    def _due_once(self) -> Self:
        if self.in_days is not None and self.days_late is not None:
            raise ValueError(
                "in_days（あと何日）と days_late（何日過ぎたか）は、どちらか一つを書いてください"
            )
        return self


class Note(Strict):
    """A note without a talk."""

    text: Text
    visibility: Visibility = Visibility.SHARED


class AskedExpert(Strict):
    """An expert is asked; one of an organisation that does not take part with the consent of the business."""

    expert: Slug
    question: Text
    means: ConsentMeans | None = None
    shows_figures: bool = False


class ExpertReport(Strict):
    """What an expert tells of the day."""

    minutes: Annotated[int, Field(ge=1, le=24 * 60, strict=True)]
    channel: Channel = Channel.VISIT
    note: Text


class Referral(Strict):
    """A case is referred: to an organisation, or to somebody without an account."""

    organisation: Slug | None = None
    desk: Slug | None = None
    people: list[Slug] = []
    outside: str = ""
    message: Text
    # named: to this receiver alone; general: to whom the sender chooses; given: it was recorded before
    consent: Literal["named", "general", "given"] = "named"
    means: ConsentMeans = ConsentMeans.SPOKEN

    @model_validator(mode="after")
    def _to_one(self) -> Self:
        if (self.organisation is None) == (not self.outside):
            raise ValueError("organisation か outside の、どちらか一つを書いてください")
        return self


class Declined(Strict):
    """A no, with its reason."""

    reason: DeclineReason
    note: str = ""


class Finished(Strict):
    """The end of an organisation's part."""

    result: Result
    note: str = ""


class OutsideAnswer(Strict):
    """What somebody without an account answered, written down by the sender."""

    to: InvolvementState
    name: Text
    reason: DeclineReason | None = None
    result: Result | None = None
    note: str = ""


class Introduced(Strict):
    """Desks and programmes that the business was told of."""

    desks: list[Slug] = []
    programmes: list[Slug] = []
    remark: str = ""


class Situation(Strict):
    """The 経営状況 sheet; the figures have the keys of consultations.yaml."""

    figures: dict[Code, Whole] = {}
    strengths: str = ""
    problems: str = ""
    wishes: str = ""


class NotNeeded(Strict):
    """A part of the first response that was not needed."""

    step: FirstStep
    why: Text


class Goal(Strict):
    """What the business wants to have reached."""

    text: Text
    in_days: InDays | None = None


class Closed(Strict):
    """How a case ended, and what came of it."""

    outcome: Outcome
    result: Result = Result.HELPED
    summary: str = ""
    sales_yen: Whole | None = None
    jobs: Whole | None = None
    raised_yen: Whole | None = None
    plan_approved: bool | None = None


class Survey(Strict):
    """What a business answered to the question after three months; somebody had sent it the link."""

    satisfaction: Annotated[int, Field(ge=1, le=5, strict=True)]
    improved: Improved | Literal[""] = ""
    continued: Continued | Literal[""] = ""
    next_trouble: str = ""


class Step(Strict):
    """One thing that somebody did; beside the day and the person exactly one of the others is written."""

    ago: Ago
    by: Slug | None = None
    read: Literal[True] | None = None
    talk: Talk | None = None
    note: Note | None = None
    take: Literal[True] | None = None
    decline: Declined | None = None
    finish: Finished | None = None
    refer: Referral | None = None
    outside_answer: OutsideAnswer | None = None
    withdraw_consent: Literal[True] | None = None
    introduce: Introduced | None = None
    situation: Situation | None = None
    not_needed: NotNeeded | None = None
    goal: Goal | None = None
    reach_goal: Text | None = None
    task: Task | None = None
    task_done: Text | None = None
    follow_up: InDays | None = None
    ask_expert: AskedExpert | None = None
    expert_accept: Literal[True] | None = None
    expert_report: ExpertReport | None = None
    hand_over: Slug | None = None
    name_person: Slug | None = None
    close: Closed | None = None
    reopen: Literal[True] | None = None
    survey: Survey | None = None
    nudge: Literal[True] | None = None

    @property
    def act(self) -> tuple[str, Any]:
        """What was done, and what belongs to it."""
        [found] = self._acts()
        return found

    def _acts(self) -> list[tuple[str, Any]]:
        names = [name for name in type(self).model_fields if name not in ("ago", "by")]
        return [(name, getattr(self, name)) for name in names if getattr(self, name) is not None]

    @model_validator(mode="after")
    def _one_act(self) -> Self:
        acts = [name for name, _what in self._acts()]
        if len(acts) != 1:
            raise ValueError("一つの行には、したことを一つだけ書いてください（talk・note・refer など）")
        if (self.by is None) != (acts[0] in BY_THE_BUSINESS):
            raise ValueError(
                f"by（した人）を書いてください。事業者がする {'・'.join(BY_THE_BUSINESS)} には書きません"
            )
        return self


BY_THE_BUSINESS = ("nudge",)


class Case(Strict):
    """One matter, from how it began to where it stands."""

    key: Slug
    business: Slug | None = None
    # A request on the web has the words of the business alone; its title is their beginning.
    title: str = ""
    words: str = ""
    topics: list[Code] = Field(min_length=1)
    area: AreaCode | None = None
    industry: IndustryCode | None = None
    opened: Opened
    steps: list[Step] = []

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [self.opened.ago, *(step.ago for step in self.steps)]
        if days != sorted(days, reverse=True):
            raise ValueError("steps は、起きた順に書いてください（ago がだんだん小さくなります）")
        if not (self.words if self.is_request else self.title):
            raise ValueError("Web の相談には words を、そのほかの相談には title を書いてください")
        return self

    @property
    def is_request(self) -> bool:
        """Whether the business sent it by the form on the web."""
        return self.opened.by is None and self.opened.channel == Channel.WEB


class Meeting(Strict):
    """Minutes of a ケース会議, with what was decided about cases."""

    ago: Ago
    by: Slug
    attendees: Text
    minutes: Text
    decisions: dict[Slug, Text] = {}


class NoteTemplate(Strict):
    """A beginning for notes of an organisation."""

    by: Slug
    name: Text
    body: Text


class Filled(Strict):
    """What somebody wrote of a project; it is named as in the year before."""

    ago: Ago
    by: Slug
    project: Slug
    values: dict[Slug, Text] = {}
    overview: str = ""
    achievements: str = ""


class Moved(Strict):
    """A unit's return moves on: handed in by the unit; accepted, or given back with a note."""

    ago: Ago
    by: Slug
    unit: Slug
    hand_in: Literal[True] | None = None
    accept: Literal[True] | None = None
    give_back: Text | None = None

    @model_validator(mode="after")
    def _one_move(self) -> Self:
        if sum(move is not None for move in (self.hand_in, self.accept, self.give_back)) != 1:
            raise ValueError("hand_in・accept・give_back のうち、一つだけを書いてください")
        return self


class Report(Strict):
    """The report of a year that is being filled in; that of the year before was made public.

    `views` is how often the portal was looked at in each month of the year, from April."""

    fiscal_year: FiscalYear
    published_by: Slug
    deadline_in: InDays
    views: Annotated[list[Annotated[int, Field(ge=0, strict=True)]], Field(max_length=12)] = []
    filled: list[Filled] = []
    moved: list[Moved] = []


class Demo(Strict):
    """demo.yaml"""

    people: list[Person] = Field(min_length=1)
    businesses: list[Business] = Field(min_length=1)
    cases: list[Case] = []
    meetings: list[Meeting] = []
    note_templates: list[NoteTemplate] = []
    report: Report | None = None
