from django.urls import URLPattern, URLResolver, path

from antigone.selection.views import computing, cosigning, drawing, membership, preparing, public, seats
from antigone.selection.views.recruitment import calling, invited, leading, reading, source

app_name = "selection"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.draws, name="draws"),
    path("nouveau/", preparing.new, name="new"),
    path("verifier/", public.verify, name="verify"),
    path("verify_draw.py", public.verifier, name="verifier"),
    path("<int:draw_id>/", public.draw, name="draw"),
    path("<int:draw_id>/preparation/", preparing.prepare, name="prepare"),
    path("<int:draw_id>/diagnostic/", preparing.diagnosis, name="diagnosis"),
    path("<int:draw_id>/effacer/", preparing.delete, name="delete"),
    path("<int:draw_id>/calculer/", computing.compute, name="compute"),
    path("<int:draw_id>/calculs/<int:computation_id>/", computing.computation, name="computation"),
    path("<int:draw_id>/calculs/<int:computation_id>/annuler/", computing.cancel, name="cancel"),
    path("<int:draw_id>/calculs/<int:computation_id>/personne/", computing.find_person, name="find_person"),
    path("<int:draw_id>/calculs/<int:computation_id>/certificat/", computing.certificate, name="certificate"),
    path("<int:draw_id>/calculs/<int:computation_id>/pseudonymes/", computing.names, name="names"),
    path("<int:draw_id>/calculs/<int:computation_id>/engager/", drawing.commit, name="commit"),
    path("<int:draw_id>/garants/", cosigning.name_cosigners, name="name_cosigners"),
    path("<int:draw_id>/garants/quitter/", cosigning.step_down, name="step_down"),
    path("<int:draw_id>/cosigner/", cosigning.cosign, name="cosign"),
    path("<int:draw_id>/refus/<int:refused_id>/", cosigning.refused_commitment, name="refused_commitment"),
    path("<int:draw_id>/sort/", drawing.lot, name="lot"),
    path("<int:draw_id>/feuille/", drawing.sheet, name="sheet"),
    path("<int:draw_id>/panel/", drawing.panel, name="panel"),
    path("<int:draw_id>/suppleants/", drawing.choose_alternates, name="alternates"),
    path("<int:draw_id>/sieges/<int:seat_id>/", seats.answer_by_phone, name="answer_by_phone"),
    path("<int:draw_id>/sieges/<int:seat_id>/remplacer/", seats.replace, name="replace"),
    path("<int:draw_id>/lettres/", seats.letters, name="letters"),
    path("<int:draw_id>/appartenance/", membership.membership, name="membership"),
    path("<int:draw_id>/publier/", drawing.publish, name="publish"),
    path("<int:draw_id>/draw.json", public.published_certificate, name="published_certificate"),
    path("<int:draw_id>/lottery.json", public.published_lottery, name="published_lottery"),
    path("<int:draw_id>/commitment.json", public.published_commitment, name="published_commitment"),
    path("<int:draw_id>/public-draw.json", public.published_draw, name="published_draw"),
    path("<int:draw_id>/verifier/", public.verify_published, name="verify_published"),
]

recruitment_patterns: list[URLPattern | URLResolver] = [
    path("", reading.recruitments, name="recruitments"),
    path("nouveau/", leading.new, name="new"),
    path("<int:recruitment_id>/", reading.notice, name="notice"),
    path("<int:recruitment_id>/suivi/", reading.counts, name="counts"),
    path("<int:recruitment_id>/verifier/", reading.verify, name="verify"),
    path("<int:recruitment_id>/contacts.jsonl", reading.hashes, name="hashes"),
    path("<int:recruitment_id>/modifier/", leading.terms, name="terms"),
    path("<int:recruitment_id>/appelants/", leading.callers, name="callers"),
    path("<int:recruitment_id>/source/", source.source, name="source"),
    path("<int:recruitment_id>/colonnes/", source.columns, name="columns"),
    path("<int:recruitment_id>/import/", source.progress, name="progress"),
    path("<int:recruitment_id>/import/annuler/", source.cancel, name="cancel"),
    path("<int:recruitment_id>/graine/", leading.seed, name="seed"),
    path("<int:recruitment_id>/contacts/", leading.contacts, name="contacts"),
    path("<int:recruitment_id>/lettres/", leading.letters, name="letters"),
    path("<int:recruitment_id>/appels/", leading.calls, name="calls"),
    path("<int:recruitment_id>/tirage/", leading.to_draw, name="to_draw"),
    path("<int:recruitment_id>/effacer/", leading.purge, name="purge"),
    path("<int:recruitment_id>/repondre/", calling.find, name="find"),
    path("<int:recruitment_id>/repondre/<int:number>/", calling.reply, name="reply"),
    path("<int:recruitment_id>/reponses/", calling.replies, name="replies"),
]
invitation_patterns: list[URLPattern | URLResolver] = [
    path("", invited.code, name="code"),
    path("repondre/", invited.answer, name="answer"),
    path("merci/<str:said>/", invited.thanks, name="thanks"),
]
# Printed in letters: short, and apart from the draws.
seat_urlpatterns = [path("", seats.answer, name="answer")]
