"""The staff pages; a room's own pages are included here."""

from django.urls import path

from madoguchi.web.desk.views import home, monthly, statistics

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("monthly/", monthly.monthly, name="monthly"),
    path("monthly/report.xlsx", monthly.xlsx, name="monthly_xlsx"),
    path("monthly/template/", monthly.template, name="monthly_template"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/rows/", statistics.rows, name="statistics_rows"),
    path("statistics/breakdown.csv", statistics.csv, name="statistics_csv"),
    path("statistics/breakdown.xlsx", statistics.xlsx, name="statistics_xlsx"),
]
