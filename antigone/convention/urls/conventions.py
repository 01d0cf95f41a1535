from django.urls import URLPattern, path

from antigone.convention.views import conventions, mandate, phases, surveys, team

urlpatterns: list[URLPattern] = [
    path("", conventions.conventions, name="conventions"),
    path("nouvelle/", mandate.new, name="new"),
    path("<slug:slug>/", conventions.convention, name="convention"),
    path("<slug:slug>/mandat/", mandate.mandate, name="mandate"),
    path("<slug:slug>/mandat/publier/", mandate.publish, name="publish_mandate"),
    path("<slug:slug>/equipe/", team.team, name="team"),
    path("<slug:slug>/equipe/<int:appointment_id>/retirer/", team.dismiss, name="dismiss"),
    path("<slug:slug>/equipe/se-retirer/", team.step_down, name="step_down"),
    path("<slug:slug>/gel/", team.freeze, name="freeze"),
    path("<slug:slug>/etapes/", phases.phases, name="phases"),
    path("<slug:slug>/etapes/ouvrir/", phases.open_next, name="open_phase"),
    path("<slug:slug>/etapes/publication/", phases.record, name="record_publication"),
    path("<slug:slug>/etapes/tirage/", phases.attach, name="attach_draw"),
    path("<slug:slug>/questionnaires/", surveys.surveys, name="surveys"),
    path("<slug:slug>/questionnaires/nouveau/", surveys.new, name="new_survey"),
    path("<slug:slug>/questionnaires/<int:survey_id>/", surveys.survey, name="survey"),
    path("<slug:slug>/questionnaires/<int:survey_id>/modifier/", surveys.edit, name="edit_survey"),
    path("<slug:slug>/questionnaires/<int:survey_id>/ouvrir/", surveys.open_to_members, name="open_survey"),
    path("<slug:slug>/questionnaires/<int:survey_id>/fermer/", surveys.close, name="close_survey"),
]
