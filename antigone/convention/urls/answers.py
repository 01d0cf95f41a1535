from django.urls import URLPattern, path

from antigone.convention.views import answering, answers, avis, following, translations

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/avis/", avis.avis, name="avis"),
    path("<slug:slug>/avis/modifier/", avis.edit_avis, name="edit_avis"),
    path("<slug:slug>/avis/livrer/", avis.deliver, name="deliver_avis"),
    path("<slug:slug>/avis.odt", avis.avis_file, {"kind": "odt"}, name="avis_odt"),
    path("<slug:slug>/avis.pdf", avis.avis_file, {"kind": "pdf"}, name="avis_pdf"),
    path("<slug:slug>/avis.<slug:language>.odt", avis.avis_file, {"kind": "odt"}, name="avis_odt"),
    path("<slug:slug>/avis.<slug:language>.pdf", avis.avis_file, {"kind": "pdf"}, name="avis_pdf"),
    path("<slug:slug>/avis/<slug:language>/", avis.avis, name="avis_language"),
    path("<slug:slug>/avis/<slug:language>/livrer/", avis.deliver, name="deliver_translation"),
    path("<slug:slug>/avis/<slug:language>/traduire/", translations.translate, name="translate"),
    path(
        "<slug:slug>/avis/<slug:language>/traduire/<int:number>/",
        translations.translate_proposal,
        name="translate_proposal",
    ),
    path("<slug:slug>/reponses/", answers.answers, name="answers"),
    path("<slug:slug>/reponses/a-publier/", answering.drafts, name="drafts"),
    path("<slug:slug>/propositions/<int:number>/reponse/", answers.answer, name="answer"),
    path("<slug:slug>/propositions/<int:number>/reponse/ecrire/", answering.write, name="write_answer"),
    path("<slug:slug>/propositions/<int:number>/reponse/corriger/", answering.correct, name="correct_answer"),
    path("<slug:slug>/propositions/<int:number>/reponse/noter/", following.grade, name="grade"),
    path(
        "<slug:slug>/propositions/<int:number>/reponse/etapes/", following.add_milestone, name="add_milestone"
    ),
    path(
        "<slug:slug>/propositions/<int:number>/reponse/etapes/<int:milestone_id>/",
        following.report_milestone,
        name="report_milestone",
    ),
]
