from django.urls import URLPattern, URLResolver, path

from antigone.library.views import keeping, reading, searching

app_name = "library"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", reading.collections, name="collections"),
    path("recherche/", searching.search_documents, name="search"),
    path("collections/<slug:slug>/", reading.collection, name="collection"),
    path("collections/<slug:slug>/ajouter/", keeping.add, name="add"),
    path("collections/<slug:slug>/imports/", keeping.imports, name="imports"),
    path("imports/<int:import_id>/", keeping.import_, name="import"),
    path("imports/<int:import_id>/annuler/", keeping.cancel, name="cancel"),
    path("imports/<int:import_id>/reprendre/", keeping.resume, name="resume"),
    path("<int:document_id>/", reading.document, name="document"),
    path("<int:document_id>/pages/<int:number>/", reading.page, name="page"),
    path(
        "<int:document_id>/versions/<int:version_id>/pages/<int:number>/<int:width>.png",
        reading.image,
        name="image",
    ),
    path("<int:document_id>/versions/<int:version_id>/fichier/", reading.original, name="original"),
    path("<int:document_id>/corriger/", keeping.describe, name="describe"),
    path("<int:document_id>/retirer/", keeping.withdraw, name="withdraw"),
    path("<int:document_id>/remettre/", keeping.restore, name="restore"),
]
