from django.urls import URLPattern, path

from antigone.convention.views import sessions

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/sessions/", sessions.sessions, name="sessions"),
]
