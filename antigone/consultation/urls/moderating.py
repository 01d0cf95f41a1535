from django.urls import URLPattern, path

from antigone.consultation.views import moderating

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/affirmations/", moderating.statements, name="statements"),
    path("<slug:slug>/moderation/", moderating.decisions, name="decisions"),
]
