from django.urls import URLPattern, path

from antigone.convention.views import amendments, contributions, paragraphs, writing

PROPOSAL = "<slug:slug>/propositions/<int:number>"
PARAGRAPH = "<slug:slug>/paragraphes/<int:pk>"
AMENDMENT = "<slug:slug>/amendements/<int:pk>"

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/propositions/", writing.proposals, name="proposals"),
    path("<slug:slug>/propositions/nouvelle/", writing.new_proposal, name="new_proposal"),
    path(f"{PROPOSAL}/", writing.proposal, name="proposal"),
    path(f"{PROPOSAL}/titre/", writing.edit_title, name="edit_title"),
    path(f"{PROPOSAL}/organiser/", writing.arrange, name="arrange"),
    path(f"{PROPOSAL}/ecarter/", writing.set_aside, name="set_aside"),
    path(f"{PROPOSAL}/reprendre/", writing.bring_back, name="bring_back"),
    path(f"{PROPOSAL}/paragraphe/", paragraphs.add_paragraph, name="add_paragraph"),
    path(f"{PARAGRAPH}/", paragraphs.paragraph, name="paragraph"),
    path(f"{PARAGRAPH}/modifier/", paragraphs.edit_paragraph, name="edit_paragraph"),
    path(f"{PARAGRAPH}/origines/", paragraphs.attach_origins, name="attach_origins"),
    path(f"{PARAGRAPH}/scinder/", paragraphs.split_paragraph, name="split_paragraph"),
    path(f"{PARAGRAPH}/fusionner/", paragraphs.merge_paragraphs, name="merge_paragraphs"),
    path(f"{PARAGRAPH}/deplacer/", paragraphs.move_paragraph, name="move_paragraph"),
    path(f"{PARAGRAPH}/retirer/", paragraphs.retire_paragraph, name="retire_paragraph"),
    path(f"{PARAGRAPH}/amender/", amendments.amend, name="amend"),
    path(f"{AMENDMENT}/", amendments.amendment, name="amendment"),
    path(f"{AMENDMENT}/decider/", amendments.decide_amendment, name="decide_amendment"),
    path(f"{AMENDMENT}/retirer/", amendments.withdraw_amendment, name="withdraw_amendment"),
    path("<slug:slug>/contributions/", contributions.contributions, name="contributions"),
    path("<slug:slug>/contributions/nouvelle/", contributions.contribute, name="contribute"),
    path("<slug:slug>/contributions/recopier/", contributions.add_contributions, name="add_contributions"),
    path("<slug:slug>/contributions/classer/", contributions.classify, name="classify"),
    path("<slug:slug>/contributions/<int:number>/", contributions.contribution, name="contribution"),
    path("<slug:slug>/themes/", contributions.themes, name="themes"),
    path("<slug:slug>/themes/<int:theme_id>/", contributions.theme, name="theme"),
    path("<slug:slug>/themes/<int:theme_id>/ranger/", contributions.arrange_theme, name="arrange_theme"),
]
