from django.urls import URLPattern, path

from antigone.convention.views import members

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/membres/", members.members, name="members"),
    path("<slug:slug>/mon-espace/", members.own, name="own"),
]
