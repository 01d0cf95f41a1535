from django.urls import URLPattern, path

from antigone.convention.views import minorities, votes

BALLOT = "<slug:slug>/votes/<int:number>"
OPINION = "<slug:slug>/opinions-minoritaires/<int:number>"

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/votes/", votes.ballots, name="ballots"),
    path("<slug:slug>/propositions/<int:number>/voter/", votes.open_ballots, name="open_ballots"),
    path(f"{BALLOT}/", votes.ballot, name="ballot"),
    path(f"{BALLOT}/juger/", votes.judge, name="judge"),
    path(f"{BALLOT}/clore/", votes.close_ballot, name="close_ballot"),
    path(f"{BALLOT}/annuler/", votes.cancel_ballot, name="cancel_ballot"),
    path("<slug:slug>/opinions-minoritaires/", minorities.minorities, name="minorities"),
    path("<slug:slug>/opinions-minoritaires/nouvelle/", minorities.new_minority, name="new_minority"),
    path(f"{OPINION}/", minorities.minority, name="minority"),
    path(f"{OPINION}/modifier/", minorities.edit_minority, name="edit_minority"),
    path(f"{OPINION}/signer/", minorities.sign_minority, name="sign_minority"),
    path(f"{OPINION}/papier/", minorities.count_paper, name="count_paper"),
    path(f"{OPINION}/retirer/", minorities.withdraw_minority, name="withdraw_minority"),
]
