from django.urls import URLPattern, path

from antigone.consultation.views import inviting

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/affiche/", inviting.poster, name="poster"),
    path("<slug:slug>/affiche/code.svg", inviting.poster_code, name="poster_code"),
    path("<slug:slug>/equipe/codes/", inviting.codes, name="codes"),
    path("<slug:slug>/equipe/sites/", inviting.sites, name="sites"),
]
