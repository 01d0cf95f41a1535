"""The words of the room that several pages share."""

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

# What members answer to the questions of a survey, from the least.
SURVEY_LEVELS = {
    1: _("Not at all"),
    2: _("Rather not"),
    3: _("In part"),
    4: _("Rather yes"),
    5: _("Fully"),
}
