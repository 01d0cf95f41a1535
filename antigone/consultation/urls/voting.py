from django.urls import URLPattern, path

from antigone.consultation.views import embedding, participating, profiling, voting

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/voter/", voting.vote, name="vote"),
    path("<slug:slug>/voter/integre/", embedding.embedded, name="embedded"),
    path("<slug:slug>/voter/revoir/", participating.review, name="review"),
    path("<slug:slug>/voter/mon-groupe/", participating.group, name="group"),
    path("<slug:slug>/voter/proposer/", participating.submit, name="submit"),
    path(
        "<slug:slug>/voter/proposer/<int:number>/retirer/", participating.withdraw, name="withdraw_statement"
    ),
    path("<slug:slug>/voter/profil/", profiling.my_profile, name="my_profile"),
    path("<slug:slug>/voter/integre/effacer/", embedding.erase_embedded, name="erase_embedded"),
    path("<slug:slug>/voter/effacer/", participating.erase, name="erase"),
    path("<slug:slug>/voter/entrer/", participating.enter, name="enter"),
]
