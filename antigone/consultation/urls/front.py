from django.urls import URLPattern, path

from antigone.consultation.views import front, leading

urlpatterns: list[URLPattern] = [
    path("", front.consultations, name="consultations"),
    path("nouvelle/", leading.new, name="new"),
    path("<slug:slug>/", front.consultation, name="consultation"),
    path("<slug:slug>/equipe/", leading.team, name="team"),
    path("<slug:slug>/equipe/texte/", leading.edit, name="edit"),
    path("<slug:slug>/equipe/publier/", leading.publish, name="publish"),
    path("<slug:slug>/equipe/clore/", leading.close, name="close"),
    path("<slug:slug>/equipe/rouvrir/", leading.reopen, name="reopen"),
    path("<slug:slug>/equipe/matrice/", leading.matrix, name="matrix"),
    path("<slug:slug>/equipe/moderation/", leading.moderators, name="moderators"),
    path("<slug:slug>/equipe/moderation/<int:pk>/retirer/", leading.dismiss, name="dismiss_moderator"),
]
