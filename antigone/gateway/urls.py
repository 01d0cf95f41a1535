from django.urls import URLPattern, URLResolver, path

from antigone.gateway.views import developers, engines, keys, limits, playground, usage

app_name = "gateway"
urlpatterns: list[URLPattern | URLResolver] = [
    path("developpeurs/", developers.developers, name="developers"),
    path("developpeurs/cles/", keys.keys, name="keys"),
    path("developpeurs/cles/nouvelle/", keys.create, name="create_key"),
    path("developpeurs/cles/<int:key_id>/revoquer/", keys.revoke, name="revoke_key"),
    path("developpeurs/limites/", limits.limits, name="limits"),
    path("developpeurs/limites/<str:of>/<int:pk>/", limits.edit, name="edit_limits"),
    path("developpeurs/consommation/", usage.usage, name="usage"),
    path("developpeurs/consommation/<slug:slug>/", usage.of_organisation, name="usage_of"),
    path("developpeurs/consommation/<slug:slug>/donnees.csv", usage.download, name="usage_file"),
    path("developpeurs/essayer/", playground.playground, name="playground"),
    path("moteurs/", engines.engines, name="engines"),
    path("moteurs/<path:name>/", engines.model, name="model"),
]
