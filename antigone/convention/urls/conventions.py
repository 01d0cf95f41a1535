from django.urls import URLPattern, path

from antigone.convention.views import conventions

urlpatterns: list[URLPattern] = [
    path("", conventions.conventions, name="conventions"),
    path("<slug:slug>/", conventions.convention, name="convention"),
    path("<slug:slug>/equipe/", conventions.team, name="team"),
]
