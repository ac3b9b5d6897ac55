"""What a feed tells of one programme, as its importer hands it on: plain data, nothing kept or published."""

from dataclasses import dataclass

from madoguchi.importers.documents.found import Found
from madoguchi.importers.free_text.periods import Period
from madoguchi.importers.free_text.shares import Share
from madoguchi.importers.free_text.staff import Staff


@dataclass(frozen=True)
class FeedDraft:
    """One programme of a feed. Texts are plain; `uses` and `industries` are labels in the feed's words.

    A field is None when nothing states it. `stated` names the fields the feed has a column for; the
    others were read out of prose. `contact` is whom to ask, `share_text` the rate in the words of the feed.
    """

    external_id: str
    title: str
    catch_phrase: str
    text: tuple[str, ...]
    url: str
    areas: Found[tuple[str, ...]]
    share: Found[Share] | None = None
    cap_yen: Found[int] | None = None
    staff: Found[Staff] | None = None
    periods: tuple[Found[Period], ...] = ()
    share_text: str = ""
    uses: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    issuer: str = ""
    contact: str = ""
    telephone: str = ""
    stated: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Odd:
    """A record that could not be used, and why in one sentence; `where` is its id or its line."""

    where: str
    sentence: str
