"""Django's registration of the room."""

from django.apps import AppConfig


class BusinessesConfig(AppConfig):
    name = "madoguchi.businesses"
