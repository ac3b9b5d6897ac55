"""A column for exact fractions."""

from fractions import Fraction
from typing import Any

from django.db import models


class FractionField(models.CharField):  # type: ignore[type-arg]
    """A rate such as 2/3, kept as written in lowest terms: two thirds is not 0.6667."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: object) -> Fraction | None:
        """The stored text as a fraction."""
        return None if value is None else Fraction(value)

    def to_python(self, value: Any) -> Fraction | None:
        """A fraction from a fraction or from its text."""
        return None if value is None else Fraction(value)

    def get_prep_value(self, value: Any) -> str | None:
        """The text "n/d" that is stored."""
        if value is None:
            return None
        rate = Fraction(value)
        return f"{rate.numerator}/{rate.denominator}"
