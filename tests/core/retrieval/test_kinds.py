import pytest

from antigone.core.retrieval.kinds import AnswerKind, has_kind, read_kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Quels sont les horaires de la piscine ?", AnswerKind.TIME),
        ("À quelle heure ferme la mairie ?", AnswerKind.TIME),
        ("Depuis quand le marché existe-t-il ?", AnswerKind.TIME),
        ("Combien coûte un repas à la cantine ?", AnswerKind.PRICE),
        ("quel est le tarif de la garderie", AnswerKind.PRICE),
        ("Combien d'élus siègent au conseil ?", AnswerKind.NUMBER),
        ("Qui est le maire ?", AnswerKind.PERSON),
        ("Comment s'appelle la directrice ?", AnswerKind.PERSON),
        ("Où se trouve la déchèterie ?", AnswerKind.PLACE),
        ("Comment inscrire mon enfant ?", AnswerKind.STEPS),
        ("Quelles pièces faut-il fournir ?", AnswerKind.STEPS),
        ("Qui peut voter au conseil de quartier ?", AnswerKind.CONDITIONS),
        ("Pourquoi la rue est-elle barrée ?", AnswerKind.REASON),
        ("Qu’est-ce que le quotient familial ?", AnswerKind.DEFINITION),
        ("Faut-il un justificatif de domicile ?", AnswerKind.YES_NO),
        ("Est-ce que les chiens sont admis ?", AnswerKind.YES_NO),
        ("Quel parti dirige la ville ?", AnswerKind.OTHER),
    ],
)
def test_read_kind_knows_the_question_words(question: str, kind: AnswerKind) -> None:
    assert read_kind(question) is kind


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Ouvert de 8h30 à 12 h.", AnswerKind.TIME),
        ("Le repas est à 3,50 €.", AnswerKind.PRICE),
        ("L'accès est gratuit.", AnswerKind.PRICE),
        ("Le conseil compte trente élus.", AnswerKind.NUMBER),
        ("La maire est Alice Durand.", AnswerKind.PERSON),
        ("La mairie est au 3 rue Foch.", AnswerKind.PLACE),
        ("Présentez un passeport.", AnswerKind.STEPS),
        ("La pièce est obligatoire.", AnswerKind.YES_NO),
    ],
)
def test_has_kind_sees_what_is_asked(sentence: str, kind: AnswerKind) -> None:
    assert has_kind(sentence, kind)
    assert not has_kind("Bonjour.", kind)


def test_has_kind_ignores_what_the_question_said() -> None:
    assert not has_kind("La loi de 1905.", AnswerKind.TIME, "Quand fut votée la loi de 1905 ?")


def test_has_kind_is_false_without_a_kind() -> None:
    assert not has_kind("Ouvert le 3 mars, 12 €.", AnswerKind.OTHER)
