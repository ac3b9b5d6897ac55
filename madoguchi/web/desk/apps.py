"""Django's registration of the staff pages."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "madoguchi.web.desk"
    label = "web_desk"
