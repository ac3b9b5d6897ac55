"""Conditions that need a calculation over several facts; the calculations live in `amounts`."""

from collections.abc import Callable
from typing import Any

from madoguchi.eligibility.rules.leaves import Leaf


def parse(name: str, data: Any) -> Leaf:
    """The comparison of a `compute:` condition; raises ValueError with a Japanese sentence."""
    if name not in _COMPUTATIONS:
        raise ValueError(f"計算「{name}」はありません（ある計算: {'、'.join(sorted(_COMPUTATIONS))}）")
    if not isinstance(data, dict):
        raise ValueError("with: に、計算のための値を書いてください")
    return _COMPUTATIONS[name](data)


_COMPUTATIONS: dict[str, Callable[[dict[str, Any]], Leaf]] = {}
