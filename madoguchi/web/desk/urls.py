"""The staff pages; a room's own pages are included here."""

from django.urls import path

from madoguchi.web.desk.views import (
    business_edit,
    business_lists,
    business_pairs,
    business_parts,
    businesses,
    home,
    monthly,
    people,
    statistics,
)

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
    path("businesses/", businesses.listed, name="businesses"),
    path("businesses/new/", business_edit.new, name="business_new"),
    path("businesses/share/", business_edit.share, name="business_share"),
    path("businesses/duplicates/", business_pairs.duplicates, name="business_duplicates"),
    path("businesses/import/", business_lists.brought, name="business_import"),
    path("businesses/import/sample.xlsx", business_lists.sample, name="business_import_sample"),
    path("businesses/import/<int:number>/", business_lists.preview, name="business_list"),
    path("businesses/import/<int:number>/to-mend.csv", business_lists.mistakes_csv, name="business_list_csv"),
    path(
        "businesses/import/<int:number>/to-mend.xlsx", business_lists.mistakes_xlsx, name="business_list_xlsx"
    ),
    path("businesses/<str:key>/", businesses.business, name="business"),
    path("businesses/<str:key>/edit/", business_edit.edit, name="business_edit"),
    path("businesses/<str:key>/release/", businesses.release, name="business_release"),
    path("businesses/<str:key>/members/<int:number>/", businesses.member, name="business_member"),
    path("businesses/<str:key>/figures/", business_parts.figures, name="business_figures_new"),
    path("businesses/<str:key>/figures/<str:ends_on>/", business_parts.figures, name="business_figures"),
    path("businesses/<str:key>/rows/<str:kind>/", business_parts.rows, name="business_rows"),
    path("businesses/<str:key>/merge/<str:other>/", business_pairs.merge, name="business_merge"),
    path("businesses/<str:key>/apart/<str:other>/", business_pairs.apart, name="business_apart"),
    path("businesses/<str:key>/unmerge/<str:other>/", business_pairs.unmerge, name="business_unmerge"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="people_invite"),
    path("people/invitations/<int:number>/withdraw/", people.withdraw, name="people_withdraw"),
    path("people/invitations/<int:number>/again/", people.send_again, name="people_again"),
    path("people/<int:number>/end/", people.end, name="people_end"),
    path("people/<int:number>/team/", people.join, name="people_team"),
    path("people/teams/", people.make_team, name="people_teams"),
    path("people/teams/<int:number>/remove/", people.remove_team, name="people_team_remove"),
]
