"""Foreign keys keep to the floors too: a string foreign key slips past the import contracts."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps

from tests.house.places import ROOT


@dataclass(frozen=True)
class Relation:
    """A foreign key or many-to-many between two modules of ours."""

    name: str
    source: str
    target: str
    has_reverse: bool


def floors():
    """The floor of each module, 0 the outermost, from the list that import-linter reads."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(c for c in contracts["tool"]["importlinter"]["contracts"] if c["id"] == "layers")["layers"]
    return {module.strip(): floor for floor, row in enumerate(layers) for module in row.split("|")}


def module_of(model) -> str | None:
    """The module of ours that a model belongs to, or None for Django's and others'."""
    package, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if package == "madoguchi" else None


def relations() -> Iterator[Relation]:
    for model in apps.get_models():
        source = module_of(model)
        for field in (*model._meta.fields, *model._meta.many_to_many) if source else ():
            target = field.related_model and module_of(field.related_model)
            if target:
                yield Relation(
                    f"{model.__name__}.{field.name}", source, target, not field.remote_field.hidden
                )


def wrong(found: Iterable[Relation], floor: dict[str, int]) -> list[str]:
    """What is wrong with relations between different modules."""
    problems = []
    for relation in found:
        if relation.source == relation.target:
            continue
        if floor[relation.target] <= floor[relation.source]:
            problems.append(f"{relation.name} points outwards, from {relation.source} to {relation.target}")
        if relation.has_reverse:
            problems.append(f'{relation.name} needs related_name="+": {relation.target} must not see it')
    return problems


def test_foreign_keys_point_inwards_and_are_not_seen_from_inside():
    assert wrong(relations(), floors()) == []


def test_there_are_relations_between_modules_to_look_at():
    assert any(relation.source != relation.target for relation in relations())


def test_a_foreign_key_that_points_outwards_is_caught():
    outwards = Relation("Organisation.programme", "institutions", "catalogue", has_reverse=False)
    assert wrong([outwards], floors()) == [
        "Organisation.programme points outwards, from institutions to catalogue"
    ]


def test_a_foreign_key_between_neighbours_is_caught():
    assert wrong([Relation("A.b", "finding", "packs", has_reverse=False)], floors())


def test_a_reverse_accessor_into_another_module_is_caught():
    reverse = Relation("Event.programme", "events", "catalogue", has_reverse=True)
    assert wrong([reverse], floors()) == ['Event.programme needs related_name="+": catalogue must not see it']


def test_a_relation_inside_one_module_may_be_seen_from_both_ends():
    assert wrong([Relation("Edition.programme", "catalogue", "catalogue", has_reverse=True)], floors()) == []
