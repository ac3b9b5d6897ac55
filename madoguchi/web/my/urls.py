"""One's own business: the record, who may act for it, and joining it."""

from django.urls import path

from madoguchi.web.my.views import business, erasing, members

app_name = "my"
urlpatterns = [
    path("business/", business.listed, name="businesses"),
    path("business/new/", business.new, name="business_new"),
    path("business/invitations/<str:secret>/", members.invitation, name="invitation"),
    path("business/<str:key>/", business.business, name="business"),
    path("business/<str:key>/edit/", business.edit, name="business_edit"),
    path("business/<str:key>/erase/", erasing.erase, name="business_erase"),
    path("business/<str:key>/members/", members.members, name="members"),
    path("business/<str:key>/members/<int:number>/end/", members.end, name="member_end"),
    path(
        "business/<str:key>/invitations/<int:number>/withdraw/", members.withdraw, name="invitation_withdraw"
    ),
]
