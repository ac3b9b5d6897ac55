"""The whole database as one text, for tests that look for words which must not be there."""

from django.apps import apps


def every_text() -> str:
    """Every value of every row of every table of ours and of the libraries', one after the other."""
    return "\n".join(
        str(value)
        for model in apps.get_models()
        for row in model._base_manager.values_list()
        for value in row
        if value not in (None, "")
    )
