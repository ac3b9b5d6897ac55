"""Django's registration of the room."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "madoguchi.results"
