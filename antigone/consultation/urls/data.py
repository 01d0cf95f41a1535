from django.urls import URLPattern, path

from antigone.consultation.views import data

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/donnees/", data.data, name="data"),
]
