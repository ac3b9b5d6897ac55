"""The rules of a pack as the eligibility room takes them: its dictionary, its definitions, its documents."""

from typing import Any

from madoguchi.eligibility import dictionary
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.parse import Definitions
from madoguchi.japan.areas import Grouping
from madoguchi.packs import schema_rules
from madoguchi.packs.pack import Pack


def additions(pack: Pack) -> dictionary.Additions:
    """What the pack adds to the nationwide facts."""

    def rows(name: str) -> list[dict[str, Any]]:
        return [
            row.model_dump(mode="json", exclude_defaults=True)
            for file in pack.facts
            for row in getattr(file, name)
        ]

    return dictionary.Additions(rows("facts"), rows("choices"), rows("elsewhere"))


def dictionary_of(pack: Pack) -> Dictionary:
    """The whole dictionary of the pack. Raises ValueError when an addition does not fit."""
    groupings = pack.region.groupings if pack.region else []
    return dictionary.build(
        additions(pack),
        programmes={programme.slug: programme.name for programme in pack.programmes},
        groupings=[Grouping(row.code, row.name, frozenset(row.members)) for row in groupings],
    )


def definitions_of(pack: Pack) -> Definitions:
    """National definitions and the pack's own, by name and version."""
    own = {(row.name, row.version): row.model_dump(mode="json") for row in pack.definitions}
    return {**dictionary.core_definitions(), **own}


def document_of(edition: schema_rules.RuleEdition) -> dict[str, Any]:
    """What is published of an edition's rule; examples are for the check alone."""
    return edition.model_dump(mode="json", exclude_defaults=True, exclude={"fiscal_year", "examples"})
