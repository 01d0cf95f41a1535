"""Where sentences end, in French first: abbreviations, quotes, lists, wrapped lines, trailing references.

The splitter is fed piece by piece and decides a boundary only from characters it has seen, so that any
way of cutting the text into pieces gives the same sentences.
"""

import re
from dataclasses import dataclass

from antigone.core.grounding.references import reference_end
from antigone.core.grounding.words import ABBREVIATIONS, LINE_CARRIERS

MAX_SENTENCE = 2_000  # characters; longer runs of text are cut, so that a hostile answer costs linear time
WRAPPED_LINE = 60  # a line this long without final punctuation goes on in the next one
REACH = 80  # how far a decision looks ahead
LIST_MARK_LENGTH = 6
STOP = re.compile(r"[.!?…\n«»“”]")
WORD_BEFORE = re.compile(r"[^\W\d_]+\Z")
LIST_MARK = re.compile(
    r"[ \t]{0,12}(?:[-*•▪●◦■□➢✓–—+][ \t]|\d{1,3}[.)°][ \t]|[a-z]\)[ \t]|\||#{1,6}[ \t]|\t)"
)
CLOSERS = "»”\"')]*_"


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text[start:end]``; ``is_line_start``: it opens its line; ``is_complete``: it does not run on."""

    start: int
    end: int
    is_line_start: bool
    is_complete: bool = True


class SentenceSplitter:
    """Splits text as it arrives.

    >>> splitter = SentenceSplitter()
    >>> [len(splitter.feed(piece)) for piece in ("M. Durand est mai", "re. Il si", "ge.")]
    [0, 1, 0]
    >>> len(splitter.close())
    1
    """

    def __init__(self) -> None:
        self.buffer = ""
        self.offset = 0  # of the buffer in the whole text
        self._start = 0
        self._scan = 0
        self._depth = 0
        self._line_start = True

    def feed(self, delta: str) -> list[tuple[Sentence, str]]:
        """Take ``delta`` and return the sentences it completes, with their text."""
        self.buffer += delta
        return self._split(final=False)

    def close(self) -> list[tuple[Sentence, str]]:
        """Return what remains as last sentences."""
        return self._split(final=True)

    def _split(self, *, final: bool) -> list[tuple[Sentence, str]]:
        found: list[tuple[Sentence, str]] = []
        while self._skip_blanks() and (cut := self._find_cut(final)):
            end, is_complete = cut
            raw = self.buffer[self._start : end].rstrip()
            start = self.offset + self._start
            found.append((Sentence(start, start + len(raw), self._line_start, is_complete), raw))
            self._start = self._scan = end
            self._depth = 0
            self._line_start = False
        self.buffer, self.offset = self.buffer[self._start :], self.offset + self._start
        self._scan, self._start = self._scan - self._start, 0
        return found

    def _skip_blanks(self) -> bool:
        """Move to the next character that is not blank, if there is one."""
        position = self._start
        while position < len(self.buffer) and self.buffer[position].isspace():
            self._line_start = self._line_start or self.buffer[position] == "\n"
            position += 1
        self._start, self._scan = position, max(self._scan, position)
        return position < len(self.buffer)

    def _find_cut(self, final: bool) -> tuple[int, bool] | None:
        limit = self._start + MAX_SENTENCE
        while match := STOP.search(self.buffer, self._scan, limit):
            at = match.start()
            cut = self._judge_newline(at, final) if match.group() == "\n" else self._judge_mark(at, final)
            if cut is None:
                return None
            if cut[1] is not None:
                return cut[0], cut[1]
            self._scan = max(cut[0], at + 1)
        if len(self.buffer) >= limit + REACH:
            return limit, False
        if final:
            return len(self.buffer), True
        self._scan = max(self._scan, min(len(self.buffer), limit))
        return None

    def _judge_mark(self, at: int, final: bool) -> tuple[int, bool | None] | None:
        """Judge a full stop or a quote: (end, True) cuts, (next, None) goes on, None waits for more."""
        mark = self.buffer[at]
        if mark in "«“»”":
            self._depth = max(0, self._depth + (1 if mark in "«“" else -1))
            return at + 1, None
        end = at
        while end < min(len(self.buffer), at + REACH) and self.buffer[end] in ".!?…":
            end += 1
        if end == len(self.buffer) and not final:
            return None
        if mark == "." and end == at + 1 and self._is_abbreviation(at):
            return end, None
        tail = self._close_sentence(end, final)
        if tail is None:
            return None
        after, following, depth = tail
        if depth > 0 or not self._starts_anew(after, following):
            return end, None
        return after, True

    def _close_sentence(self, end: int, final: bool) -> tuple[int, int, int] | None:
        """Take closing quotes and references after a full stop.

        Returns the end, where the next word starts, and the depth of quotes still open.
        """
        depth, farthest = self._depth, end + 4 * REACH
        while True:
            following = self._next_word(end)
            if following >= len(self.buffer) and not final:
                return None
            if following >= min(len(self.buffer), farthest):
                return end, following, depth
            character = self.buffer[following]
            if (character in CLOSERS and following == end) or (character in "»”" and depth > 0):
                depth -= character in "»”" and depth > 0
                end = following + 1
                continue
            stop = reference_end(self.buffer, following, final=final)
            if stop is None:
                return None
            if stop == following:
                return end, following, depth
            end = stop

    def _next_word(self, position: int) -> int:
        """Return where blanks of the same line end, at most REACH characters further."""
        reach = min(len(self.buffer), position + REACH)
        while position < reach and self.buffer[position].isspace() and self.buffer[position] != "\n":
            position += 1
        return position

    def _starts_anew(self, end: int, following: int) -> bool:
        """Tell whether the word at ``following``, after a full stop before ``end``, can open a sentence."""
        if following >= len(self.buffer) or self.buffer[following] == "\n":
            return True
        return following > end and not self.buffer[following].islower()

    def _is_abbreviation(self, at: int) -> bool:
        before = self.buffer[self._start : at]
        if before.strip(" (*").isdigit() and len(before) <= 5:
            return True  # “1.” opens a list item
        word = WORD_BEFORE.search(before[-20:])
        if word is None:
            return False
        return word.group().lower() in ABBREVIATIONS or (len(word.group()) == 1 and word.group().isupper())

    def _judge_newline(self, at: int, final: bool) -> tuple[int, bool | None] | None:
        """Judge a line end: a paragraph, a list item or a heading ends there; a wrapped line does not."""
        following = self._next_word(at + 1)
        if following + LIST_MARK_LENGTH >= len(self.buffer) and not final:
            return None
        before = self.buffer[self._start : at].rstrip()
        if following >= min(len(self.buffer), at + REACH) or self.buffer[following] == "\n":
            return at, True
        goes_on = reference_end(self.buffer, following, final=final)
        if goes_on is None:
            return None
        if goes_on > following:  # a reference alone on the next line belongs to this sentence
            return following, None
        is_list = LIST_MARK.match(self.buffer, at + 1) or LIST_MARK.match(before) or "\t" in before
        if is_list or before[-1:] in tuple(".!?…:;"):
            return at, True
        if self._line_goes_on(before, self.buffer[following]):
            return at + 1, None
        return at, False

    def _line_goes_on(self, before: str, following: str) -> bool:
        line = before.rsplit("\n", 1)[-1]
        word = WORD_BEFORE.search(before[-20:])
        if word and word.group().lower() in LINE_CARRIERS:
            return True
        return not following.isupper() or len(line) >= WRAPPED_LINE or before[-1:] in tuple(",-'’(«“")


def split_sentences(text: str) -> list[Sentence]:
    """Split a whole text.

    >>> text = "Voir l'art. 6. Il s'applique. [1]\\n- un chien\\n- un chat"
    >>> [text[s.start : s.end] for s in split_sentences(text)]
    ["Voir l'art. 6.", "Il s'applique. [1]", '- un chien', '- un chat']
    """
    splitter = SentenceSplitter()
    found = splitter.feed(text) + splitter.close()
    return [sentence for sentence, _ in found]
