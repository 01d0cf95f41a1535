"""Every address, room by room."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


urlpatterns = [
    path("", include("antigone.portal.urls")),
    path("demander/", include("antigone.assistant.urls")),
    path("documents/", include("antigone.library.urls")),
    path("compte/", include("antigone.accounts.urls")),
    path("admin/", admin.site.urls),
]
