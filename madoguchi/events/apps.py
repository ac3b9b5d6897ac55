"""Django's registration of the room."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "madoguchi.events"
