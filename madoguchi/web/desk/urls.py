"""The staff pages; a room's own pages are included here."""

from django.urls import path

from madoguchi.web.desk.views import home

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
]
