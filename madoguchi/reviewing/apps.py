"""Django's registration of the room."""

from django.apps import AppConfig


class ReviewingConfig(AppConfig):
    name = "madoguchi.reviewing"
