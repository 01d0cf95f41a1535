from django.urls import URLPattern, path

from antigone.consultation.views import reports

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/resultats/", reports.report, name="report"),
    path("<slug:slug>/resultats/garder/", reports.freeze, name="freeze"),
    path("<slug:slug>/resultats/<int:picture_id>/", reports.kept_report, name="kept_report"),
]
