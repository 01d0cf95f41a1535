from django.urls import URLPattern, path

from antigone.consultation.views import voting

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/voter/", voting.vote, name="vote"),
]
