"""The staff pages; a room's own pages are included here."""

from django.urls import path

from madoguchi.web.desk.views import audit, home, monthly, people, statistics

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("audit/", audit.audit, name="audit"),
    path("audit/events.csv", audit.csv, name="audit_csv"),
    path("monthly/", monthly.monthly, name="monthly"),
    path("monthly/report.xlsx", monthly.xlsx, name="monthly_xlsx"),
    path("monthly/template/", monthly.template, name="monthly_template"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/rows/", statistics.rows, name="statistics_rows"),
    path("statistics/breakdown.csv", statistics.csv, name="statistics_csv"),
    path("statistics/breakdown.xlsx", statistics.xlsx, name="statistics_xlsx"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="people_invite"),
    path("people/invitations/<int:number>/withdraw/", people.withdraw, name="people_withdraw"),
    path("people/invitations/<int:number>/again/", people.send_again, name="people_again"),
    path("people/<int:number>/end/", people.end, name="people_end"),
    path("people/<int:number>/team/", people.join, name="people_team"),
    path("people/teams/", people.make_team, name="people_teams"),
    path("people/teams/<int:number>/remove/", people.remove_team, name="people_team_remove"),
]
