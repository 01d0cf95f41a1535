from django.urls import URLPattern, path

from antigone.convention.views import data

urlpatterns: list[URLPattern] = [
    # Two steps, so that no convention can be called like it.
    path("importer/fichier/", data.import_file, name="import"),
    path("importer/schema.json", data.schema, name="schema"),
    path("<slug:slug>/donnees/", data.data, name="data"),
    path("<slug:slug>/donnees/convention.json", data.download_json, name="data-json"),
    path("<slug:slug>/donnees/convention.zip", data.download_zip, name="data-zip"),
    path("<slug:slug>/donnees/<slug:table>.csv", data.download_csv, name="data-csv"),
    path("<slug:slug>/retirer/", data.delete, name="delete-reconstruction"),
]
