"""Every address, room by room."""

from django.contrib import admin
from django.urls import include, path

from antigone.selection.urls import invitation_patterns, recruitment_patterns, seat_urlpatterns

urlpatterns = [
    path("", include("antigone.portal.urls")),
    path("", include("antigone.web.urls")),
    path("demander/", include("antigone.assistant.urls")),
    path("consultations/", include("antigone.consultation.urls")),
    path("conventions/", include("antigone.convention.urls")),
    path("tirages/", include("antigone.selection.urls")),
    path("recrutements/", include((recruitment_patterns, "recruitment"))),
    path("invitation/", include((invitation_patterns, "invitation"))),
    path("siege/", include((seat_urlpatterns, "seat"))),
    path("registre/", include("antigone.register.urls")),
    path("", include("antigone.gateway.urls")),
    path("documents/", include("antigone.library.urls")),
    path("compte/", include("antigone.accounts.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "antigone.web.views.bad_request"
handler403 = "antigone.web.views.not_allowed"
handler404 = "antigone.web.views.not_found"
handler429 = "antigone.web.views.too_many"
handler500 = "antigone.web.views.broken"
