"""The staff pages; a room's own pages are included here."""

from django.urls import path

from madoguchi.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
]
