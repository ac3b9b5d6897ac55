"""Signing in and out, one's own account, and as whom one acts.

Only these pages of allauth are there; what is not mounted does not exist.
"""

from allauth.account import views as account
from django.urls import path

from madoguchi.web.account.mounting import for_everybody
from madoguchi.web.account.views import hat, home

urlpatterns = [
    path("", home.home, name="account_home"),
    path("hat/", hat.change, name="account_hat"),
    path("login/", for_everybody(account.login), name="account_login"),
    path("logout/", for_everybody(account.logout), name="account_logout"),
]
