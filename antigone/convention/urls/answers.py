from django.urls import URLPattern, path

from antigone.convention.views import answers

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/avis/", answers.avis, name="avis"),
    path("<slug:slug>/reponses/", answers.answers, name="answers"),
]
