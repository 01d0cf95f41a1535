from django.urls import URLPattern, path

from antigone.consultation.views import inviting, profiles

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/affiche/", inviting.poster, name="poster"),
    path("<slug:slug>/affiche/code.svg", inviting.poster_code, name="poster_code"),
    path("<slug:slug>/equipe/codes/", inviting.codes, name="codes"),
    path("<slug:slug>/equipe/sites/", inviting.sites, name="sites"),
    path("<slug:slug>/equipe/profil/", profiles.profiles, name="profiles"),
    path("<slug:slug>/equipe/profil/ajouter/", profiles.add_profile, name="add_profile"),
    path("<slug:slug>/equipe/profil/<int:pk>/", profiles.edit_profile, name="edit_profile"),
    path("<slug:slug>/equipe/profil/<int:pk>/supprimer/", profiles.delete_profile, name="delete_profile"),
]
