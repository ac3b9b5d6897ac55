"""The Django app."""

from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    """Who may use a programme, and how much it gives."""

    name = "madoguchi.eligibility"
    default_auto_field = "django.db.models.BigAutoField"
