"""Django's registration of the shared layout."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "madoguchi.web.shared"
    label = "web_shared"
