"""What the room decides without a database: how alike two businesses are, and who may do what. No Django."""

from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz


@dataclass(frozen=True, slots=True)
class Likeness:
    """What duplicates are recognised by: texts in the form they are compared in, digits to dial."""

    corporate_number: str
    name: str
    kana: str
    area_code: str
    address: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that speaks for or against two records being one business, and its points."""

    code: str
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """How sure it is that two records are one business, 0 to 100, and why."""

    points: int
    clues: tuple[Clue, ...]

    @property
    def is_sure(self) -> bool:
        """Whether a person would hardly doubt it."""
        return self.points >= SURE

    @property
    def is_worth_a_look(self) -> bool:
        """Whether a person should look."""
        return self.points >= WORTH_A_LOOK


SURE, WORTH_A_LOOK = 85, 50
# Two corporate numbers are two businesses, whatever else is equal: a parent and its daughter share much.
_SAME_NUMBER, _OTHER_NUMBER = 100, -100
_SAME_NAME, _LIKE_NAME, _SAME_KANA = 45, 25, 30
_SAME_TELEPHONE, _SAME_ADDRESS, _SAME_BLOCK = 40, 30, 15
_OTHER_TOWN = -25
_LIKE_RATIO = 86


def compare(one: Likeness, other: Likeness) -> Score:
    """How sure it is that two records are one business; what is missing on one side says nothing."""
    if one.corporate_number and other.corporate_number:
        same = one.corporate_number == other.corporate_number
        clue = Clue("same_number", _SAME_NUMBER) if same else Clue("other_number", _OTHER_NUMBER)
        return Score(max(clue.points, 0), (clue,))
    clues = [clue for clue in (look(one, other) for look in (_name, _telephone, _address, _area)) if clue]
    return Score(max(0, min(100, sum(clue.points for clue in clues))), tuple(clues))


def _name(one: Likeness, other: Likeness) -> Clue | None:
    if one.name == other.name:
        return Clue("same_name", _SAME_NAME)
    if one.kana and one.kana == other.kana:
        return Clue("same_kana", _SAME_KANA)
    if fuzz.ratio(one.name, other.name) >= _LIKE_RATIO:
        return Clue("like_name", _LIKE_NAME)
    return None


def _telephone(one: Likeness, other: Likeness) -> Clue | None:
    if one.telephone and one.telephone == other.telephone:
        return Clue("same_telephone", _SAME_TELEPHONE)
    return None


def _address(one: Likeness, other: Likeness) -> Clue | None:
    if not (one.address and other.address):
        return None
    if one.address == other.address:
        return Clue("same_address", _SAME_ADDRESS)
    shorter, longer = sorted((one.address, other.address), key=len)
    if longer.endswith(shorter) or longer.startswith(shorter):
        return Clue("same_block", _SAME_BLOCK)
    return None


def _area(one: Likeness, other: Likeness) -> Clue | None:
    if one.area_code and other.area_code and one.area_code != other.area_code:
        return Clue("other_town", _OTHER_TOWN)
    return None


# ── who may do what ─────────────────────────────────────────────────────────────────────────────────
OWNER, STAFF, DELEGATE = "owner", "staff", "delegate"
CONSULTATIONS, APPLICATIONS, FIGURES = "consultations", "applications", "figures"


def may_see(scope: str, *, role: str, scopes: Collection[str]) -> bool:
    """Whether a member may see what a scope names; an owner sees everything."""
    return role == OWNER or scope in scopes


def may_change_profile(*, role: str) -> bool:
    """Whether a member may correct the business's record: a delegate acts in it, but does not change it."""
    return role in (OWNER, STAFF)


def may_manage_members(*, role: str) -> bool:
    """Whether a member may let others in or out."""
    return role == OWNER
