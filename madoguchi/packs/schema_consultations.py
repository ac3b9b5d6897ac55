"""What consultations.yaml may hold: topics, where a request goes, and what the region promises about it."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from madoguchi.packs.values import AreaCode, Code, Day, IndustryCode, Slug, Small, Source, Strict, Text

# Whoever reads "推定：" knows that no document says it.
ASSUMED = "推定："


class Secrecy(Strict):
    """Why only named people may see such consultations: what a document says, or what is assumed."""

    because: Text
    source: Source | None = None

    @model_validator(mode="after")
    def _said_or_assumed(self) -> Self:
        if self.source is None and not self.because.startswith(ASSUMED):
            raise ValueError(f"source を書くか、because を「{ASSUMED}」ではじめてください")
        return self


class Topic(Strict):
    """What a consultation is about, with the words of shop owners that tell it."""

    code: Code
    label: Text
    say: Text
    words: list[Text] = []
    purposes: list[Code] = []
    secret: Secrecy | None = None
    sources: list[Source] = []


class When(Strict):
    """What has to be so; what is left out does not matter. Of a list, one has to be so."""

    topics: list[Code] = []
    areas: list[AreaCode] = []
    industries: list[IndustryCode] = []
    employees_at_most: Small | None = None
    answers: dict[Code, list[Text]] = {}
    languages: list[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)?$")]] = []


class RoutingRule(Strict):
    """Which desk a request goes to; the first that fits decides."""

    when: When = When()
    desk: Slug
    because: Text


class ChaseStep(Strict):
    """One row of the chasing ladder: after so many business days somebody is told something."""

    after_business_days: Small
    to: Literal["desk", "manager", "sender", "business"]
    text: Text


class Absence(Strict):
    """Days on which a desk takes nothing, and who takes it instead; both days count."""

    desk: Slug
    begins: Day = Field(alias="from")
    ends: Day = Field(alias="until")
    instead: Slug
    note: Text

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.begins:
            raise ValueError("until は、from より後の日です")
        return self


class SituationField(Strict):
    """One figure of the 経営状況 sheet."""

    key: Code
    label: Text
    unit: Text
    help: str = ""


class Policy(Strict):
    """What the region promises, whom it reminds when, and how long it keeps what."""

    promised_days: Small
    chasing: list[ChaseStep] = Field(min_length=1)
    absences: list[Absence] = []
    retention_years: Small
    abandoned_years: Small
    minutes_years: Small
    draft_days: Small
    notice_days: Small
    situation_fields: list[SituationField] = []
    notes: list[Text] = []

    @model_validator(mode="after")
    def _ladder_goes_up(self) -> Self:
        days = [step.after_business_days for step in self.chasing]
        if days != sorted(days):
            raise ValueError("chasing は、日数の少ない順に書いてください")
        return self


class Consultations(Strict):
    """consultations.yaml"""

    topics: list[Topic] = Field(min_length=1)
    rules: list[RoutingRule] = Field(min_length=1)
    policy: Policy
