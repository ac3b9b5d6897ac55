"""What rules/, facts/ and definitions/ of a pack may hold. docs/rule-format.md explains it for authors."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from madoguchi.packs.values import Code, Day, Rate, Slug, Small, Source, Strict, Text, Year, Yen

Verdict = Literal["eligible", "likely", "unknown", "ineligible"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


# ── facts/*.yaml ────────────────────────────────────────────────────────────────────────────────────
class Choice(Strict):
    """One code of a fact of a pack."""

    code: Code
    label: Text
    parent: Code | None = None


class Fact(Strict):
    """A fact that only this region's rules ask for."""

    key: Code
    label: Text
    type: Literal["yen", "count", "percent", "date", "boolean", "choice", "set"]
    question: Text
    unit: str = ""
    help: str = ""
    where: Text
    sensitivity: Literal["open", "business", "personal"]
    change: Literal["easy", "possible", "hard", "fixed"]
    choices: list[Choice] = []

    @model_validator(mode="after")
    def _choices_where_they_belong(self) -> Self:
        if (self.type in ("choice", "set")) != bool(self.choices):
            raise ValueError("choices を書くのは、type が choice か set のときだけです")
        return self


class MoreChoice(Choice):
    """A further code of a core fact."""

    fact: Code


class Elsewhere(Strict):
    """A programme of others (of the nation, say) that rules name."""

    key: Slug
    label: Text


class Facts(Strict):
    """facts/*.yaml"""

    facts: list[Fact] = []
    choices: list[MoreChoice] = []
    elsewhere: list[Elsewhere] = []


# ── definitions/*.yaml ──────────────────────────────────────────────────────────────────────────────
class Definition(Strict):
    """A named definition; another wording is another version."""

    name: Name
    version: Name
    label: Text
    rule: dict[str, Any]


class Definitions(Strict):
    """definitions/*.yaml"""

    definitions: list[Definition]


# ── rules/*.yaml (one programme a file) ─────────────────────────────────────────────────────────────
class Rounding(Strict):
    """What is cut off a grant (千円未満切捨て) and where that is written."""

    to_yen: Small
    source: Source | None = None


class CostClass(Strict):
    """A class of cost with a rate or cap of its own."""

    name: Text
    rate: Rate | None = None
    cap_yen: Yen | None = None


class Piece(Strict):
    """An amount for each of what a fact counts."""

    fact: Code
    yen: Yen


class GrantTerms(Strict):
    """What the document says of the grant beyond rate and cap, which stand in the frame."""

    round: Rounding | None = None
    minimum_yen: Yen | None = None
    total_cap_yen: Yen | None = None
    classes: list[CostClass] = []
    per: Piece | None = None
    covers: list[Text] = []
    """The kinds of cost it is for, where the document names them; one told without kinds counts as such."""
    of: str = ""
    """Of what the rate is, where it is not the cost of the project: 保証料, 利子."""


class RuleFrame(Strict):
    """What one frame of the edition asks beyond the edition's own rule."""

    frame: Text
    variant: str = ""
    rule: dict[str, Any] | None = None
    grant: GrantTerms | None = None


class Example(Strict):
    """A case with the verdict a person worked out by hand."""

    title: Text
    on: Day
    facts: dict[str, Any]
    frame: str = ""
    variant: str = ""
    verdict: Verdict
    grant_yen: Yen | None = None


class RuleEdition(Strict):
    """The rule of one edition."""

    fiscal_year: Year
    rule: dict[str, Any] | None = None
    frames: list[RuleFrame] = []
    grant: GrantTerms | None = None
    no_stated_requirement: bool = False
    source: Source | None = None
    note: str = ""
    examples: list[Example] = []

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        stated = self.rule is not None or any(frame.rule for frame in self.frames)
        if stated == self.no_stated_requirement:
            raise ValueError("rule か no_stated_requirement: true の、どちらか一つを書いてください")
        if self.no_stated_requirement and not self.source:
            raise ValueError("no_stated_requirement には、どこを見たか（source）が要ります")
        if stated and len(self.examples) < 2:
            raise ValueError("例（examples）を、境目の両側で二つ以上書いてください")
        return self


class Rules(Strict):
    """rules/*.yaml: who may use a programme, edition by edition."""

    programme: Slug
    editions: Annotated[list[RuleEdition], Field(min_length=1)]
