from django.urls import URLPattern, path

from antigone.convention.views import groups, hearings, observations, planning, questions, sessions

_SESSION = "<slug:slug>/sessions/<int:number>"

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/sessions/", sessions.sessions, name="sessions"),
    path("<slug:slug>/sessions/nouvelle/", planning.plan, name="plan_session"),
    path(f"{_SESSION}/", sessions.session, name="session"),
    path(f"{_SESSION}/modifier/", planning.change, name="change_session"),
    path(f"{_SESSION}/ordre-du-jour/", planning.agenda, name="agenda"),
    path(f"{_SESSION}/ordre-du-jour/changer/", planning.change_agenda, name="change_agenda"),
    path(f"{_SESSION}/presences/", planning.attendance, name="attendance"),
    path(f"{_SESSION}/compte-rendu/", planning.minutes, name="minutes"),
    path(f"{_SESSION}/documents/", planning.documents, name="documents"),
    path(f"{_SESSION}/documents/<int:document_id>/retirer/", planning.detach, name="detach"),
    path(f"{_SESSION}/groupes/", groups.compose, name="compose_groups"),
    path(f"{_SESSION}/groupes/<int:round_number>/", groups.tables, name="tables"),
    path(f"{_SESSION}/groupes/<int:round_number>/refaire.json", groups.record, name="groups_record"),
    path("<slug:slug>/auditions/", hearings.hearings, name="hearings"),
    path("<slug:slug>/auditions/nouvelle/", hearings.plan_hearing, name="plan_hearing"),
    path("<slug:slug>/auditions/<int:hearing_id>/", hearings.hearing, name="hearing"),
    path("<slug:slug>/auditions/<int:hearing_id>/publier/", hearings.publish_hearing, name="publish_hearing"),
    path("<slug:slug>/a-repondre/", hearings.awaiting, name="awaiting"),
    path("<slug:slug>/questions/", questions.questions, name="questions"),
    path("<slug:slug>/questions/poser/", questions.ask, name="ask_question"),
    path("<slug:slug>/questions/<int:number>/", questions.question, name="question"),
    path("<slug:slug>/questions/<int:number>/envoyer/", questions.send, name="send_question"),
    path("<slug:slug>/questions/<int:number>/repondre/", questions.answer, name="answer_question"),
    path("<slug:slug>/questions/<int:number>/reprendre/", questions.withdraw, name="withdraw_question"),
    path("<slug:slug>/observations/", observations.observations, name="observations"),
]
