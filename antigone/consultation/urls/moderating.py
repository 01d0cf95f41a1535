from django.urls import URLPattern, path

from antigone.consultation.views import moderating, sheets, statements

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/affirmations/", statements.statements, name="statements"),
    path("<slug:slug>/affirmations/ajouter/", moderating.seeds, name="seeds"),
    path("<slug:slug>/affirmations/<int:number>/", statements.statement, name="statement"),
    path("<slug:slug>/moderation/", moderating.decisions, name="decisions"),
    path("<slug:slug>/moderation/file/", moderating.queue, name="queue"),
    path("<slug:slug>/moderation/<int:number>/", moderating.moderate, name="moderate"),
    path("<slug:slug>/bulletins/", sheets.sheets, name="sheets"),
    path("<slug:slug>/bulletins/imprimer/", sheets.print_sheet, name="print_sheet"),
    path("<slug:slug>/bulletins/saisir/", sheets.enter_sheet, name="enter_sheet"),
    path("<slug:slug>/bulletins/importer/", sheets.import_sheets, name="import_sheets"),
    path("<slug:slug>/bulletins/<int:pk>/", sheets.sheet, name="sheet"),
    path("<slug:slug>/bulletins/<int:pk>/supprimer/", sheets.delete_sheet, name="delete_sheet"),
]
