"""How an organisation and a part of it are called together."""


def of_part(organisation: str, part: str) -> str:
    """The organisation and its desk or unit; a part that names the organisation itself stands alone.

    Both may hold `|` at fold points.
    """
    if not part:
        return organisation
    beginning = part.replace("|", "").split()[0]
    return part if beginning in organisation.replace("|", "") else f"{organisation} {part}"
