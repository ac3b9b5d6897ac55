"""Django's registration of the public pages."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "madoguchi.web.portal"
    label = "web_portal"
