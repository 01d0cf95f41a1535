"""The addresses of the consultations, one file for each part of a consultation."""

from django.urls import URLPattern, URLResolver

from antigone.consultation.urls import data, front, integrity, inviting, moderating, reports, voting

app_name = "consultation"
urlpatterns: list[URLPattern | URLResolver] = [
    *front.urlpatterns,
    *voting.urlpatterns,
    *moderating.urlpatterns,
    *reports.urlpatterns,
    *integrity.urlpatterns,
    *inviting.urlpatterns,
    *data.urlpatterns,
]
