"""Django's registration of the room."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "madoguchi.institutions"
