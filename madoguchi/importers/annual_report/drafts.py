"""What was read out of an annual report: drafts with where they stand and how sure the reading is.

Nothing here is published: a person accepts, corrects or rejects each `Found`."""

from dataclasses import dataclass, field

from madoguchi.importers.documents.found import Found, Note
from madoguchi.results.cells import Cell


@dataclass(frozen=True)
class IndicatorDraft:
    """A row of an indicator table. Keys of `cells` are years ("2023"), or "2022-2023" for no single one."""

    name: Found[str]
    cells: dict[str, Found[Cell]]


@dataclass(frozen=True)
class PageDraft:
    """A project's own page. What it does not state is None; of several costs the budget comes first."""

    name: Found[str]
    costs_yen: tuple[Found[int], ...] = ()
    unit: Found[str] | None = None
    overview: Found[str] | None = None
    results: Found[str] | None = None
    indicators: tuple[IndicatorDraft, ...] = ()
    lines: tuple[int, int] = (0, 0)

    @property
    def cost_yen(self) -> Found[int] | None:
        """Its cost, the budget where several are stated."""
        return self.costs_yen[0] if self.costs_yen else None


@dataclass(frozen=True)
class ProgrammeDraft:
    """A listed project (事業): the row of the list, and the page that goes with it."""

    number: Found[int]
    name: Found[str]
    cost_yen: Found[int] | None
    is_new: Found[bool]
    is_repeat: bool
    unit: Found[str] | None
    listed_page: int | None = None
    policies: tuple[str, ...] | None = None
    page: PageDraft | None = None

    @property
    def indicators(self) -> tuple[IndicatorDraft, ...]:
        """The indicators of its page."""
        return self.page.indicators if self.page else ()


@dataclass(frozen=True)
class CaseStudyDraft:
    """A case study (事例): its title and the lines it takes."""

    title: Found[str]
    text: Found[str]


@dataclass(frozen=True)
class PolicyDraft:
    """A basic policy, or several that share one list, marked as printed: "①", "⑥⑦"."""

    mark: str
    marks: tuple[str, ...]
    titles: tuple[Found[str], ...]
    programmes: tuple[ProgrammeDraft, ...]
    stated_yen: Found[int] | None = None
    introduction: Found[str] | None = None
    case_studies: tuple[CaseStudyDraft, ...] = ()

    @property
    def computed_yen(self) -> int:
        """The sum of the rows as they are listed."""
        return sum(each.cost_yen.value for each in self.programmes if each.cost_yen)


@dataclass(frozen=True)
class ReportDraft:
    """An annual report as read: `notes` are the disagreements, `left_out` what no draft has taken up."""

    document: str
    sha256: str
    layout: str
    report_year: int | None
    policies: tuple[PolicyDraft, ...]
    notes: tuple[Note, ...] = ()
    left_out: tuple[Note, ...] = field(default=())
