from django.urls import URLPattern, path

from antigone.consultation.views import front

urlpatterns: list[URLPattern] = [
    path("", front.consultations, name="consultations"),
    path("<slug:slug>/", front.consultation, name="consultation"),
    path("<slug:slug>/equipe/", front.team, name="team"),
]
