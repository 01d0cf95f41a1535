"""French words that say nothing of what a text is about, folded (lowercase, no accents)."""

# ruff: noqa: SIM905 -- a list of words reads best as words

ELIDED = frozenset("c d j l m n s t qu jusqu lorsqu puisqu quoiqu".split())

# Their accent alone tells them from "ne" and "sur".
TOLD_BY_ACCENT = frozenset(("né", "sûr"))

STOPWORDS = frozenset(
    """
    a au aux avec ce ces cet cette ceci cela ca dans de des du en et eux il ils elle elles je j la le les leur
    leurs lui ma mais me meme memes mes moi mon ne nos notre nous on ou par pas pour qu que qui dont sa se ses
    son sont sur ta te tes toi ton tu un une vos votre vous y d l m n s t c o est es suis sommes etes etait
    etaient etais etions etiez ete etant sera serai seras serons serez seront serait serais seraient seriez
    soit sois soient fut furent fusse etre ai as avons avez ont avais avait avions aviez avaient avoir eu eue
    eus eues ayant aura aurai auras aurons aurez auront aurait aurais auraient ait aie aient eut eurent
    fait faire font si comme alors ainsi aussi afin car donc or ni puis tres plus moins entre vers chez sous
    lors depuis pendant apres avant tout tous toute toutes chaque celui celle ceux celles lequel laquelle
    lesquels lesquelles duquel desquels auquel auxquels quoi ici ceux cependant deja encore peu
    """.split()
)

QUESTION_WORDS = frozenset("quel quels quelle quelles comment combien pourquoi quand".split())
