"""The addresses of the conventions, one file for each part of a convention."""

from django.urls import URLPattern, URLResolver

from antigone.convention.urls import answers, conventions, data, members, sessions, votes, writing

app_name = "convention"
urlpatterns: list[URLPattern | URLResolver] = [
    # First: "rejoindre" is no convention.
    *members.urlpatterns,
    *conventions.urlpatterns,
    *sessions.urlpatterns,
    *writing.urlpatterns,
    *votes.urlpatterns,
    *answers.urlpatterns,
    *data.urlpatterns,
]
