"""The staff pages; a room's own pages are included here."""

from django.urls import path

from madoguchi.web.desk.views import home, people

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="people_invite"),
    path("people/invitations/<int:number>/withdraw/", people.withdraw, name="people_withdraw"),
    path("people/invitations/<int:number>/again/", people.send_again, name="people_again"),
    path("people/<int:number>/end/", people.end, name="people_end"),
    path("people/<int:number>/team/", people.join, name="people_team"),
    path("people/teams/", people.make_team, name="people_teams"),
    path("people/teams/<int:number>/remove/", people.remove_team, name="people_team_remove"),
]
