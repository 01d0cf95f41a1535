from django.urls import URLPattern, path

from antigone.consultation.views import data, importing

urlpatterns: list[URLPattern] = [
    # Two steps, so that no consultation can be called like it.
    path("importer/polis/", importing.import_files, name="import"),
    path("importer/schema.json", data.schema, name="schema"),
    path("<slug:slug>/donnees/", data.data, name="data"),
    path("<slug:slug>/donnees/consultation.json", data.download_json, name="data-json"),
    path("<slug:slug>/donnees/figures.json", data.download_figures, name="data-figures"),
    path("<slug:slug>/donnees/consultation.zip", data.download_zip, name="data-zip"),
    path("<slug:slug>/donnees/<slug:table>.csv", data.download_csv, name="data-csv"),
    path("<slug:slug>/donnees/votes.zip", data.download_votes, name="data-votes"),
    path("<slug:slug>/donnees/polis.zip", data.download_polis, name="data-polis"),
]
