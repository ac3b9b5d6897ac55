"""Everything that one page of a project sends: figures, texts, the cost; all of it or nothing."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.results.cells import read_cell
from madoguchi.results.errors import NumberUnreadable, TooLong, ValueMissing
from madoguchi.results.models import CostBasis, Indicator, IndicatorValue, Narrative, Project
from madoguchi.results.operations.texts import set_cost, write_narrative
from madoguchi.results.operations.values import enter_value

# Whose cell, and the fiscal year; None for a figure of no single year.
Key = tuple[int, int | None]
PROVISIONAL = "（暫定値）"


class FieldsWrong(DomainError):
    """Fields that cannot be kept as they were typed: each name with its sentence."""

    code = "results.fields_wrong"
    sentence = _("入力を直してください。")

    def __init__(self, wrong: Mapping[str, str | Promise]) -> None:
        super().__init__()
        self.wrong = dict(wrong)


class ChangedMeanwhile(Conflict):
    """Somebody else wrote some of the fields since they were shown; `names` says which."""

    code = "results.changed_meanwhile"
    sentence = _("書いているあいだに、ほかの人が先に直しました。上書きはしていません。")

    def __init__(self, names: Collection[str]) -> None:
        super().__init__()
        self.names = frozenset(names)


@dataclass(frozen=True)
class Typed:
    """One cell as it was typed, and the version that was seen (0: there was none)."""

    raw: str
    version: int
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Texts:
    """Overview and achievements as typed, and the version that was seen; None stays as it is.

    `seen` are the signs of what the fields showed: a text that nobody else changed is no conflict, although
    the one beside it was changed."""

    overview: str | None
    achievements: str | None
    version: int
    seen: Collection[str] = ()


@dataclass(frozen=True)
class Cost:
    """The cost as typed, and what it was when it was shown."""

    yen: int | None
    basis: str
    seen_yen: int | None
    seen_basis: str


@dataclass(frozen=True)
class Filling:
    """All that is sent; what is left out stays as it is."""

    cells: Mapping[Key, Typed] = field(default_factory=dict)
    texts: Texts | None = None
    cost: Cost | None = None


def sign(name: str, shown: object) -> str:
    """A short sign of what a field showed: another content has another one."""
    text = _lines(str(shown or ""))
    return f"{name}={hashlib.blake2s(text.encode(), digest_size=8).hexdigest()}"


def name_of(key: Key) -> str:
    """A cell's name among the fields of its project."""
    indicator, year = key
    return f"v{indicator}" if year is not None else f"v{indicator}u"


def marked(raw: str, *, is_provisional: bool, was: str = "") -> str:
    """A cell as printed with the mark of a provisional value where it is one; `was` is the cell before.

    The mark is part of what is printed: taking it back takes it out of the text that was marked before."""
    text = " ".join(raw.split())
    if not text:
        return text
    if is_provisional:
        return text if read_cell(text).provisional else f"{text}{PROVISIONAL}"
    return text.removesuffix(PROVISIONAL) if text == was else text


def fill(*, project: Project, filling: Filling, hat: Hat, at: datetime) -> tuple[str, ...]:
    """Keep what was typed and return the names of the fields that changed.

    Raises what writing raises (NotAllowed, YearClosed, CorrectionOnly), FieldsWrong, and ChangedMeanwhile
    with the names of all fields that somebody else wrote since they were shown."""
    writing = _Writing(project, hat, at)
    with transaction.atomic():
        for key, typed in filling.cells.items():
            writing.cell(key, typed)
        if filling.texts:
            writing.texts(filling.texts)
        if filling.cost:
            writing.cost(filling.cost)
        if writing.wrong:
            raise FieldsWrong(writing.wrong)
        if writing.conflicts:
            raise ChangedMeanwhile(writing.conflicts)
    return tuple(writing.changed)


class _Writing:
    """The changes of one sending."""

    def __init__(self, project: Project, hat: Hat, at: datetime) -> None:
        self._project, self._hat, self._at = project, hat, at
        self.changed: list[str] = []
        self.conflicts: set[str] = set()
        self.wrong: dict[str, str | Promise] = {}
        rows = project.indicator_rows.filter(in_report=True).select_related("indicator")
        self._indicators: dict[int, Indicator] = {row.indicator_id: row.indicator for row in rows}
        kept = IndicatorValue.objects.filter(indicator__in=self._indicators)
        self._kept: dict[Key, IndicatorValue] = {(row.indicator_id, row.fiscal_year): row for row in kept}

    def cell(self, key: Key, typed: Typed) -> None:
        indicator, year = key
        if year not in (self._project.fiscal_year, None):
            raise LookupError(f"{name_of(key)} is no cell of this project")
        kept = self._kept.get(key)
        told = (" ".join(typed.raw.split()), typed.note.strip(), typed.evidence.strip())
        was = (kept.raw, kept.note, kept.evidence) if kept else ("", "", "")
        # Left empty by somebody who saw nothing there: not filled yet.
        if told == was or (not told[0] and not typed.version):
            return

        def write() -> object:
            return enter_value(
                indicator=self._indicators[indicator],
                fiscal_year=year,
                raw=told[0],
                note=told[1],
                evidence=told[2],
                version=typed.version,
                hat=self._hat,
                at=self._at,
            )

        self._try([name_of(key)], write)

    def texts(self, typed: Texts) -> None:
        kept = Narrative.objects.filter(project=self._project).first()
        was = {name: getattr(kept, name) if kept else "" for name in ("overview", "achievements")}
        typed_now = {"overview": typed.overview, "achievements": typed.achievements}
        told = was | {name: _lines(text) for name, text in typed_now.items() if text is not None}
        names = [name for name in told if told[name] != was[name]]
        if not names:
            return
        is_as_seen = all(sign(name, was[name]) in typed.seen for name in names)
        version = kept.version if kept and is_as_seen else typed.version

        def write() -> object:
            return write_narrative(project=self._project, **told, version=version, hat=self._hat, at=self._at)

        self._try(names, write)

    def cost(self, typed: Cost) -> None:
        if (typed.yen, typed.basis) == (typed.seen_yen, typed.seen_basis):
            return
        # As it was shown: the operation compares with what the project it is given says.
        seen = Project.objects.get(pk=self._project.pk)
        seen.cost_yen, seen.cost_basis = typed.seen_yen, typed.seen_basis

        def write() -> None:
            basis = CostBasis(typed.basis)
            set_cost(project=seen, cost_yen=typed.yen, basis=basis, hat=self._hat, at=self._at)

        self._try(["cost"], write)

    def _try(self, names: Collection[str], write: Callable[[], object]) -> None:
        """Write one thing; what goes wrong with it does not hide what is wrong with the next."""
        try:
            write()
        except Conflict:
            self.conflicts.update(names)
        except (ValueMissing, NumberUnreadable, TooLong) as error:
            self.wrong.update(dict.fromkeys(names, error.sentence))
        else:
            self.changed.extend(names)


def _lines(text: str) -> str:
    """As it is kept: browsers send CR LF."""
    return text.replace("\r\n", "\n").strip()
