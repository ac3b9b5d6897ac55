"""Django's registration of the pages."""

from django.apps import AppConfig


class MyConfig(AppConfig):
    name = "madoguchi.web.my"
    label = "web_my"
