from django.urls import URLPattern, path

from antigone.consultation.views import integrity

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/soupcons/", integrity.suspicions, name="suspicions"),
    path("<slug:slug>/soupcons/<int:pk>/", integrity.decide, name="decide_suspicion"),
]
