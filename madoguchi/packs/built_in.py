"""Where the packs that come with the software lie."""

from pathlib import Path

# Inside an installed package, or beside a checkout's code.
_PACKAGE = Path(__file__).resolve().parents[1]
BUILT_IN_PACKS = next(
    (place for place in (_PACKAGE / "built_in_packs", _PACKAGE.parent / "packs") if place.is_dir()),
    _PACKAGE.parent / "packs",
)
