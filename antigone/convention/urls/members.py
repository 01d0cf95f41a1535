from django.urls import URLPattern, path

from antigone.convention.views import joining, members, own, payments

urlpatterns: list[URLPattern] = [
    path("rejoindre/", joining.join, name="join"),
    path("<slug:slug>/membres/", members.members, name="members"),
    path("<slug:slug>/membres/sieges/", members.registry, name="registry"),
    path("<slug:slug>/membres/sieges/ajouter/", members.add, name="add_members"),
    path("<slug:slug>/membres/sieges/tirage/", members.seat, name="seat_members"),
    path("<slug:slug>/membres/sieges/codes/", members.codes, name="codes"),
    path("<slug:slug>/membres/sieges/<int:number>/", members.identity, name="identity"),
    path("<slug:slug>/membres/sieges/<int:number>/depart/", members.leave, name="leave"),
    path("<slug:slug>/membres/indemnites/", payments.payments, name="payments"),
    path("<slug:slug>/membres/indemnites/payer/", payments.pay, name="pay"),
    path("<slug:slug>/membres/indemnites/fichier.csv", payments.payments_file, name="payments_file"),
    path(
        "<slug:slug>/membres/indemnites/session/<int:number>/", payments.indemnities, name="owe_indemnities"
    ),
    path("<slug:slug>/mon-espace/", own.own, name="own"),
    path("<slug:slug>/mon-espace/pseudonyme/", own.pseudonym, name="pseudonym"),
    path("<slug:slug>/mon-espace/nom/", own.consent, name="consent"),
    path("<slug:slug>/mon-espace/notes/", own.new_note, name="new_note"),
    path("<slug:slug>/mon-espace/notes/<int:note_id>/", own.note, name="note"),
    path("<slug:slug>/mon-espace/notes/<int:note_id>/effacer/", own.erase_note, name="erase_note"),
    path("<slug:slug>/mon-espace/calendrier.ics", own.calendar, name="calendar"),
    path("<slug:slug>/mon-espace/mes-donnees.json", own.kept, name="kept"),
]
