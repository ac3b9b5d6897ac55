"""Django's registration of the room."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "madoguchi.consultations"
