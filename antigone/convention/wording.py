"""The words of the room that several pages share."""

import unicodedata

from django.utils.translation import gettext_lazy as _

# The five levels of a majority judgment, from the lowest; a text is kept at 4 and 5.
LEVELS = {
    1: _("Reject"),
    2: _("Insufficient"),
    3: _("Fair"),
    4: _("Good"),
    5: _("Very good"),
}
KEPT_FROM = 4

# What a member thinks of an official answer, from the lowest: how far it takes up what the convention asked for.
GRADES = {
    1: _("Not at all taken up"),
    2: _("Hardly taken up"),
    3: _("Partly taken up"),
    4: _("Mostly taken up"),
    5: _("Fully taken up"),
}
# Below, only how many graded is shown: with four grades, members would guess who gave which.
GRADES_SHOWN_FROM = 5
# What members answer to the questions of a survey, from the least.
SURVEY_LEVELS = {
    1: _("Not at all"),
    2: _("Rather not"),
    3: _("In part"),
    4: _("Rather yes"),
    5: _("Fully"),
}


def sort_key(name: str) -> str:
    """Return what sorts a name as people do: Élise stands before Emma, whatever its accents and capitals.

    >>> sorted(["Zoé", "Élise", "Emma"], key=sort_key)
    ['Élise', 'Emma', 'Zoé']
    """
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
