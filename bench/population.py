"""python -m bench.population FILE: invented businesses in Japan's proportions, the same for the same seed.

Proportions, rounded: of 3.375 million enterprises 84.5 % small, 0.3 % large (中小企業庁, as of June 2021);
prefectures by private establishments, divisions of industry by enterprises, corporations and sole
proprietors (総務省・経済産業省, 令和3年経済センサス-活動調査); classes of capital (中小企業実態基本調査).
The two totals were looked up; the other shares were written down from memory of those tables, rounded.
Which municipality of a prefecture, the finer industry and the intents are assumptions: a few have most.
"""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from madoguchi.eligibility.rules.facts import Dictionary, Fact, FactType
from madoguchi.japan import areas, industries

ALL_OF_JAPAN = 3_400_000

_PREFECTURES = (
    4.2, 1.1, 1.1, 1.9, 0.9, 1.0, 1.6, 2.2, 1.6, 1.7, 4.6, 3.6, 12.2, 5.6, 2.1, 1.0, 1.1, 0.8, 0.8, 2.0,
    1.8, 3.2, 5.8,
    1.4, 1.0, 2.1, 7.4, 4.0, 0.9, 0.9, 0.5, 0.6, 1.5, 2.4, 1.1, 0.7, 0.9, 1.2, 0.7, 4.1, 0.7, 1.2,
    1.4, 1.0, 1.0, 1.4, 1.3,
)  # fmt: skip
_DIVISIONS = {
    "A": 1.0, "B": 0.1, "C": 0.1, "D": 12.5, "E": 10.0, "F": 0.2, "G": 1.7, "H": 2.0, "I": 22.0, "J": 0.9,
    "K": 9.7, "L": 6.3, "M": 12.5, "N": 9.8, "O": 2.7, "P": 6.1, "Q": 0.1, "R": 4.2,
}  # fmt: skip
_FORMS = {
    "sole": 46.0, "kabushiki": 36.0, "tokurei_yugen": 9.0, "godo": 4.0, "ippan": 1.2, "npo": 1.0,
    "medical": 1.0,
    "social_welfare": 0.4, "jigyo_kyodo_kumiai": 0.5, "kigyo_kumiai": 0.1, "school": 0.2, "noji_kumiai": 0.3,
    "other_corporation": 0.3,
}  # fmt: skip
_CAPITAL_UP_TO = (
    (1_000_000, 12), (3_000_000, 33), (10_000_000, 35), (30_000_000, 13), (50_000_000, 4), (100_000_000, 2.2),
    (300_000_000, 0.5), (5_000_000_000, 0.28), (400_000_000_000, 0.02),
)  # fmt: skip
# How many cells of a column a register does not know.
_UNKNOWN = {"employees": 0.08, "capital_yen": 0.05, "established_on": 0.04, "industry": 0.02, "area": 0.0}
_UNKNOWN_OTHERS = 0.15


def make(size: int, dictionary: Dictionary, *, seed: int = 2023, told: bool = False) -> pl.DataFrame:
    """So many businesses with the facts of a dictionary; `told` leaves no cell unknown."""
    chance = np.random.default_rng(seed)
    businesses = _Businesses(size, dictionary, chance)
    columns = businesses.columns()
    if told:
        return pl.DataFrame(columns)
    return pl.DataFrame([_forgetful(column, chance) for column in columns])


def _forgetful(column: pl.Series, chance: np.random.Generator) -> pl.Series:
    share = _UNKNOWN.get(column.name, _UNKNOWN_OTHERS)
    if column.name == "id" or not share:
        return column
    there = pl.Series(chance.random(len(column)) >= share)
    return pl.select(pl.when(there).then(pl.lit(column))).to_series().alias(column.name)


class _Businesses:
    def __init__(self, size: int, dictionary: Dictionary, chance: np.random.Generator) -> None:
        self._size = size
        self._dictionary = dictionary
        self._chance = chance

    def columns(self) -> list[pl.Series]:
        """One series a fact, and `id`."""
        made = {"id": pl.Series("id", [*range(self._size)], dtype=pl.UInt32)}
        made |= self._described()
        for fact in self._dictionary.facts.values():
            if fact.key not in made and (series := self._other(fact)) is not None:
                made[fact.key] = series
        return list(made.values())

    def _described(self) -> dict[str, pl.Series]:
        chance, size = self._chance, self._size
        places, shares = _municipalities()
        area = self._draw(places, shares)
        forms = self._draw(list(_FORMS), list(_FORMS.values()))
        employees = chance.lognormal(0.75, 1.4, size)
        large = chance.random(size) < 0.006
        employees[large] = chance.lognormal(5.5, 1.0, int(large.sum()))
        employees = np.minimum(employees, 250_000).astype(np.int64)
        capital = self._capital()
        capital[forms.cast(pl.String).to_numpy() == "sole"] = 0
        days = (date(2023, 6, 1).toordinal() - 719_163) - chance.gamma(1.6, 4200, size).astype(np.int32)
        named = {
            "legal_form": forms, "area": area, "head_office_area": area, "home_area": area,
            "industry": self._industries(),
            "employees": pl.Series(employees), "capital_yen": pl.Series(capital),
            "established_on": pl.Series(days.astype(np.int32)).cast(pl.Date),
            "applicant": pl.Series(["business"]).new_from_index(0, size),
            "age": pl.Series(chance.integers(20, 86, size)),
            "cost_yen": pl.Series((chance.lognormal(14.5, 1.2, size)).astype(np.int64)),
            "intents": self._intents(),
        }  # fmt: skip
        return {key: series.alias(key) for key, series in named.items()}

    def _draw(self, codes: Sequence[str], shares: Sequence[float]) -> pl.Series:
        weights = np.array(shares, float)
        places = self._chance.choice(len(codes), self._size, p=weights / weights.sum())
        return pl.Series(codes).gather(places)

    def _industries(self) -> pl.Series:
        codes: list[str] = []
        shares: list[float] = []
        for division, share in _DIVISIONS.items():
            groups = [group.code for group in industries.major_groups(division)]
            for rank, group in enumerate(groups, start=1):
                finer = [f"{group}{end}" for end in ("11", "19", "21", "29", "31", "91")]
                codes.extend(finer)
                shares.extend([share / rank / len(finer)] * len(finer))
        return self._draw(codes, shares)

    def _capital(self) -> np.ndarray:
        ends = [0] + [end for end, _ in _CAPITAL_UP_TO]
        weights = np.array([share for _, share in _CAPITAL_UP_TO])
        which = self._chance.choice(len(weights), self._size, p=weights / weights.sum())
        low, high = np.array(ends[:-1])[which], np.array(ends[1:])[which]
        # Round figures: half of all sit exactly on the end of their class, where limits are.
        inside = low + (self._chance.random(self._size) * (high - low)).astype(np.int64) // 100_000 * 100_000
        return np.where(self._chance.random(self._size) < 0.5, high, inside)

    def _intents(self) -> pl.Series:
        fact = self._dictionary.facts["intents"]
        codes = np.array([choice.code for choice in fact.choices])
        weights = 1 / np.arange(1, len(codes) + 1)
        counts = self._chance.choice(5, self._size, p=(0.25, 0.35, 0.25, 0.1, 0.05))
        drawn = codes[self._chance.choice(len(codes), int(counts.sum()), p=weights / weights.sum())]
        offsets = np.concatenate(([0], np.cumsum(counts)))
        rows = pl.DataFrame({"row": np.repeat(np.arange(self._size), counts), "code": drawn})
        lists = rows.group_by("row", maintain_order=True).agg(pl.col("code").unique(maintain_order=True))
        empty = pl.DataFrame({"row": np.flatnonzero(np.diff(offsets) == 0)})
        whole = pl.concat([lists, empty.with_columns(code=pl.lit([], dtype=pl.List(pl.String)))])
        return whole.sort("row")["code"]

    def _other(self, fact: Fact) -> pl.Series | None:
        chance, size = self._chance, self._size
        if fact.type is FactType.BOOLEAN:
            return pl.Series(fact.key, chance.random(size) < 0.1)
        if fact.type is FactType.CHOICE:
            return self._draw([choice.code for choice in fact.choices], [1.0] * len(fact.choices)).alias(
                fact.key
            )
        if fact.type is FactType.COUNT and not fact.key.startswith(("base_", "target_", "plan_")):
            return pl.Series(fact.key, chance.integers(0, 30, size))
        return None


def _municipalities() -> tuple[list[str], list[float]]:
    codes: list[str] = []
    shares: list[float] = []
    for prefecture, share in zip(areas.prefectures(), _PREFECTURES, strict=True):
        inside = [area.code for area in areas.municipalities(prefecture.code)]
        weights = [1 / rank for rank in range(1, len(inside) + 1)]
        codes.extend(inside)
        shares.extend(share * weight / sum(weights) for weight in weights)
    return codes, shares


def main() -> None:
    """Write a population as Parquet."""
    from bench import eligibility_rules  # noqa: PLC0415 - only the command needs a pack

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--size", type=int, default=ALL_OF_JAPAN)
    parser.add_argument("--pack", type=Path, default=Path("packs/aomori"))
    parser.add_argument("--told", action="store_true", help="no cell is unknown")
    arguments = parser.parse_args()
    words = eligibility_rules.read(arguments.pack).dictionary
    make(arguments.size, words, told=arguments.told).write_parquet(arguments.file)


if __name__ == "__main__":
    main()
