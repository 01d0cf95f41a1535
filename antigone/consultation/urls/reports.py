from django.urls import URLPattern, path

from antigone.consultation.views import reports

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/resultats/", reports.report, name="report"),
]
