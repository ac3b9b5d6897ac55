"""The entrances of a demonstration."""

from django.urls import path

from madoguchi.web.account.views import demo

urlpatterns = [
    path("", demo.entrances, name="demo"),
    path("<str:signed>/", demo.enter, name="demo_enter"),
]
