"""What a family of documents calls things: general words, and those a region's layout adds."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError

from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.yaml_reader import read
from madoguchi.importers.documents.lines import Document, key

_GENERAL = Path(__file__).parent / "general.yaml"


class Words(BaseModel):
    """Headings and labels, by what they mean."""

    model_config = ConfigDict(extra="forbid")

    number: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    overview: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    item: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    actual: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    subtotal: tuple[str, ...] = ()
    list_caption: tuple[str, ...] = ()
    case_study: tuple[str, ...] = ()
    back_matter: tuple[str, ...] = ()


class LayoutFile(BaseModel):
    """A layout as a pack writes it; what it leaves out is as in general.yaml."""

    model_config = ConfigDict(extra="forbid")

    title: str
    recognise: tuple[str, ...] = ()
    money_unit: str = ""
    report_year_words: tuple[str, ...] = ()
    words: Words = Words()
    new_marks: tuple[str, ...] = ()
    other_marks: tuple[str, ...] = ()
    repeat_marks: tuple[str, ...] = ()
    words_as_values: tuple[str, ...] = ()
    policy_words: tuple[str, ...] = ()
    unit_endings: tuple[str, ...] = ()


class BrokenLayoutError(DomainError):
    """A layout file that cannot be used; the sentence says where."""

    code = "broken_layout"


@dataclass(frozen=True)
class Layout:
    """The words to read a document by; `title` names the family for the people who check the result."""

    file: LayoutFile
    name: str = ""

    @property
    def title(self) -> str:
        """The family's name."""
        return self.file.title

    @cached_property
    def roles(self) -> dict[str, str]:
        """What a heading means, by the heading folded; the more special role wins."""
        order = Words.model_fields
        found: dict[str, str] = {}
        for role in order:
            for word in getattr(self.file.words, role):
                found.setdefault(key(word), role)
        return found

    def keys(self, role: str) -> frozenset[str]:
        """The folded words of one role."""
        return self._keys[role]

    @cached_property
    def _keys(self) -> dict[str, frozenset[str]]:
        words = self.file.words
        return {role: frozenset(map(key, getattr(words, role))) for role in Words.model_fields}

    @cached_property
    def new_marks(self) -> frozenset[str]:
        """Marks that say "new this year"."""
        return frozenset(map(key, self.file.new_marks))

    @cached_property
    def other_marks(self) -> frozenset[str]:
        """Marks that say something else in the same column."""
        return frozenset(map(key, self.file.other_marks))


def general() -> Layout:
    """Return the words that hold anywhere."""
    return Layout(_load(_GENERAL))


def load(path: Path) -> Layout:
    """Return a pack's layout on top of the general words; raises `BrokenLayoutError`."""
    return Layout(_merged(_load(_GENERAL), _load(path)), path.stem)


def choose(document: Document, paths: Iterable[Path]) -> Layout:
    """Return the first layout all of whose signs stand in the document, else the general one."""
    text = key("".join(line.text for line in document.lines))
    for path in sorted(paths):
        layout = load(path)
        signs = layout.file.recognise
        if signs and all(key(sign) in text for sign in signs):
            return layout
    return general()


def _load(path: Path) -> LayoutFile:
    parsed = read(path)
    if parsed.problems:
        line, _field, message = parsed.problems[0]
        raise BrokenLayoutError(
            _("レイアウト %(name)s の %(line)s 行目: %(why)s") % _where(path, line, message)
        )
    try:
        return LayoutFile.model_validate(parsed.data)
    except ValidationError as error:
        first = error.errors()[0]
        where = _where(path, parsed.line_of(tuple(first["loc"])), first["msg"])
        raise BrokenLayoutError(_("レイアウト %(name)s の %(line)s 行目: %(why)s") % where) from error


def _where(path: Path, line: int, why: str) -> dict[str, object]:
    return {"name": path.name, "line": line, "why": why}


def _merged(base: LayoutFile, own: LayoutFile) -> LayoutFile:
    """The own words first: where two roles share a word, the layout decides."""
    words = {role: (*getattr(own.words, role), *getattr(base.words, role)) for role in Words.model_fields}
    lists = {
        name: (*getattr(own, name), *getattr(base, name))
        for name, field in LayoutFile.model_fields.items()
        if name not in ("title", "recognise", "money_unit", "words") and field is not None
    }
    return own.model_copy(update={"words": Words(**words), **lists})
