"""The path of a question: understood → searched within what the person may read → answered → verified.

Both engines end in the same place: a sentence is shown as cited or supported only if `core.grounding`
found it in a passage that this person may read.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Coroutine, Hashable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from antigone.accounts.models import Person
from antigone.assistant.answers import Answer, Citation, Outcome, Reason, Sentence, Source, number_sources
from antigone.assistant.prompts import write_messages
from antigone.core.grounding import GroundedSentence, Mark, SentenceStream, find_quote
from antigone.core.grounding import Source as GroundingSource
from antigone.core.retrieval.answers import DEFAULT_THRESHOLD, Evidence, average_odds, extract_answer
from antigone.core.retrieval.followup import complete_question
from antigone.core.retrieval.ranking import fuse
from antigone.core.retrieval.terms import split_terms
from antigone.errors import AntigoneError, WrongInput
from antigone.gateway.clients import run_alone
from antigone.gateway.snapshot import Model
from antigone.gateway.speaking import counted, embed, find_first, list_models, rerank, stream_text
from antigone.library.models import Collection as DocumentCollection
from antigone.library.search import Hit, Results, search

T = TypeVar("T")
logger = logging.getLogger(__name__)
# How many passages an engine that compares them with the question is given, and how long a reader waits for it.
RERANKED = 30
PATIENCE_SECONDS = 5
# How many passages an engine is given, and how many quotes the extractive one shows.
PASSAGES = 10
QUOTES = 3
# A quote less likely than this share of the first one's chance to answer is shown apart.
MAIN = 0.35
# The name under which people choose the extractive engine.
EXTRACTIVE = "extraits"
# The same for programmes and in the counts of the gateway.
EXTRACTIVE_MODEL = Model(
    name="antigone-extractive",
    title="Antigone, extraits seuls",
    kind="chat",
    maker="Antigone",
    licence="EUPL-1.2",
    languages=("fr", "en"),
    is_built_in=True,
)
# Under this one nothing that was found is about the question: a model is not even asked.
NOTHING = 0.05
ANSWER_TOKENS = 700


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question with what was found for it, before any engine."""

    question: str
    understood: str
    sources: tuple[Source, ...]
    quotes: tuple[Sentence, ...]
    confidence: float
    repaired: Mapping[str, str]
    # Whether passages were also found by their meaning, which `confidence` cannot judge.
    has_nearest: bool = False

    @property
    def is_unclear(self) -> bool:
        """Whether nothing in the question can be looked for, as in “Combien ?”."""
        return not split_terms(self.understood)


def clean_question(text: str) -> str:
    """Return the question as it will be asked; raises WrongInput when it is empty or too long."""
    question = " ".join(text.replace("\x00", " ").split())
    if not question:
        raise WrongInput("question_empty", _("The question is empty. Write what you would like to know."))
    if len(question) > settings.QUESTION_CHARACTERS:
        raise WrongInput(
            "question_too_long",
            _(
                "The question has %(characters)s characters; the most is %(limit)s. "
                "Ask one thing at a time, in a few sentences."
            ),
            characters=len(question),
            limit=settings.QUESTION_CHARACTERS,
        )
    return question


def inquire(
    text: str,
    *,
    person: Person | None,
    earlier: Sequence[str] = (),
    collections: Collection[DocumentCollection] | None = None,
) -> Inquiry:
    """Look for what answers `text` among what `person` may read.

    `earlier` are the questions of the conversation as they were understood, oldest first.
    """
    question = clean_question(text)
    understood = complete_question(question, earlier)
    reranker, embedder = find_first("rerank"), find_first("embedding")
    vectors = _try(embed, embedder, [understood]) if embedder else None
    results = search(
        understood,
        person=person,
        collections=collections,
        limit=RERANKED if reranker else PASSAGES,
        vector=vectors[0] if vectors else None,
        vector_model=embedder.name if embedder else "",
    )
    if reranker:
        results = _rerank(understood, results, reranker)
    sources = tuple(
        Source.from_passage(number, hit.passage) for number, hit in enumerate(results.hits, start=1)
    )
    quotes, confidence = _pick_quotes(understood, results, sources)
    return Inquiry(question, understood, sources, quotes, confidence, results.repaired, results.has_nearest)


def _rerank(question: str, results: Results, model: Model) -> Results:
    """Keep the passages that search and an engine that compares them with the question place best together."""
    hits: dict[Hashable, Hit] = {hit.passage.pk: hit for hit in results.hits}
    texts = [hit.passage.titled_text for hit in results.hits]
    scores = _try(rerank, model, question, texts) if texts else None
    orders = [list(hits)]
    if scores:
        score = dict(zip(hits, scores, strict=True))
        orders.append(sorted(hits, key=lambda pk: -score[pk]))
    return replace(results, hits=tuple(hits[pk] for pk in fuse(orders)[:PASSAGES]))


def _try(ask: Callable[..., Coroutine[Any, Any, T]], model: Model, *arguments: object) -> T | None:
    """Return what a model says that helps to search; None when it fails or may not, for search does without it."""
    try:
        return run_alone(ask(model, *arguments, seconds=PATIENCE_SECONDS))
    except AntigoneError as error:
        # Never with the question: it is nobody's business.
        logger.warning("Searched without the model %s (%s).", model.title, error.code)
        return None


def _pick_quotes(
    question: str, results: Results, sources: Sequence[Source]
) -> tuple[tuple[Sentence, ...], float]:
    """Return the verbatim sentences that answer best, each checked once more, and how sure they do."""
    question = _write_repaired(question, results.repaired)
    evidence = [
        Evidence(
            id=source.number, title=f"{source.title} {source.page_label}", text=source.text, score=hit.score
        )
        for source, hit in zip(sources, results.hits, strict=True)
    ]
    extraction = extract_answer(
        question, evidence, results.document_frequency, results.passages, limit=QUOTES
    )
    sentences = []
    best = max((picked.score for picked in extraction.quotes), default=0.0)
    for picked in extraction.quotes:
        source = sources[int(str(picked.id)) - 1]
        text = source.text[picked.start : picked.end]
        if find_quote(text, source.text) is not None:
            citation = Citation(source.number, source.start + picked.start, source.start + picked.end, text)
            is_main = picked.score >= MAIN * best
            sentences.append(Sentence(text, Mark.CITED, (citation,), is_main=is_main))
    return tuple(sentences), average_odds(extraction.confidence, results.evidence)


def _write_repaired(question: str, repaired: Mapping[str, str]) -> str:
    """Return the question with its misspelt words as they were searched for."""
    for term in reversed(split_terms(question)):
        if term.surface in repaired:
            question = question[: term.start] + repaired[term.surface] + question[term.end :]
    return question


def answer_with_quotes(inquiry: Inquiry, *, fallback: str = "") -> Answer:
    """Answer with the very words of the documents, or say that they do not answer."""
    outcome = (
        Outcome.ANSWERED if inquiry.confidence >= DEFAULT_THRESHOLD and inquiry.quotes else Outcome.NOT_FOUND
    )
    if inquiry.is_unclear:
        outcome = Outcome.UNCLEAR
    if outcome is Outcome.ANSWERED:
        sentences, sources = number_sources(inquiry.quotes, inquiry.sources)
    else:
        sentences, sources = (), _places_looked_at(inquiry)
    return _answer(inquiry, outcome, sentences, sources, fallback=fallback)


async def write_answer(inquiry: Inquiry, model: Model) -> AsyncGenerator[Sentence | Answer]:
    """Yield each sentence as it is written and verified, then the whole answer, last.

    When the engine fails, or nothing that it wrote can be verified, the whole answer is made of quotes and
    says why; sentences that were yielded before are then to be forgotten.
    """
    is_elsewhere = inquiry.confidence < NOTHING and not inquiry.has_nearest
    if inquiry.is_unclear or is_elsewhere or not inquiry.sources:
        yield answer_with_quotes(inquiry)
        return
    stream = SentenceStream(
        [GroundingSource(str(source.number), source.text, source.title) for source in inquiry.sources]
    )
    written: list[GroundedSentence] = []
    try:
        messages = write_messages(inquiry.understood, inquiry.sources)
        async with aclosing(stream_text(model, messages, answer_tokens=ANSWER_TOKENS)) as pieces:
            async for piece in pieces:
                # In a thread: a hostile text takes seconds to verify, and others are being answered meanwhile.
                for grounded in await asyncio.to_thread(stream.feed, piece):
                    written.append(grounded)
                    yield _sentence(grounded, inquiry.sources)
    except AntigoneError as error:
        yield answer_with_quotes(inquiry, fallback=_(error.template) % error.params)
        return
    for grounded in stream.close():
        written.append(grounded)
        yield _sentence(grounded, inquiry.sources)
    yield _whole_answer(inquiry, model, written)


def _whole_answer(inquiry: Inquiry, model: Model, written: Sequence[GroundedSentence]) -> Answer:
    """Return what the model wrote, or quotes where nothing of it can be verified."""
    invented = sum(len(grounded.removed) for grounded in written)
    if any(grounded.citations for grounded in written):
        sentences, sources = number_sources(
            (_sentence(each, inquiry.sources) for each in written), inquiry.sources
        )
        answer = _answer(inquiry, Outcome.ANSWERED, sentences, sources)
        read = tuple(dict.fromkeys(source.document_id for source in inquiry.sources))
        answer = replace(answer, engine=model.title, engine_licence=model.licence, read=read)
    elif all(grounded.is_neutral for grounded in written):
        answer = answer_with_quotes(
            inquiry,
            fallback=_("The model “%(engine)s” found no answer in the documents.") % {"engine": model.title},
        )
    else:
        fallback = _("Nothing that the model “%(engine)s” wrote could be verified in the documents.")
        answer = answer_with_quotes(inquiry, fallback=fallback % {"engine": model.title})
    return replace(answer, invented_references=invented)


def answer_question(
    text: str,
    *,
    person: Person | None,
    model: Model | None = None,
    earlier: Sequence[str] = (),
    collections: Collection[DocumentCollection] | None = None,
) -> Answer:
    """Answer at once: with `model`, or with quotes alone when it is None."""
    return answer_inquiry(inquire(text, person=person, earlier=earlier, collections=collections), model)


def answer_inquiry(inquiry: Inquiry, model: Model | None) -> Answer:
    """Answer what was looked for, whole."""
    return run_alone(_count_quotes(inquiry) if model is None else _read_whole(inquiry, model))


async def _count_quotes(inquiry: Inquiry) -> Answer:
    """Answer with quotes, past the guards that stand before every model, and count it."""
    async with counted(EXTRACTIVE_MODEL, len(inquiry.understood)):
        return answer_with_quotes(inquiry)


async def _read_whole(inquiry: Inquiry, model: Model) -> Answer:
    """Return the last part, which is the whole answer."""
    *_sentences, answer = [part async for part in write_answer(inquiry, model)]
    assert isinstance(answer, Answer)
    return answer


def find_model(name: str) -> Model | None:
    """Return the model of that title; unnamed, the city's first. None is the extractive engine."""
    if not name:
        return find_first("chat")
    return next((model for model in list_models("chat") if name in (model.title, model.name)), None)


def _sentence(grounded: GroundedSentence, sources: Sequence[Source]) -> Sentence:
    """Turn a verified sentence's places in passages into places in pages."""
    citations = []
    for citation in grounded.citations:
        source = sources[int(citation.source) - 1]
        citations.append(
            Citation(
                source.number, source.start + citation.start, source.start + citation.end, citation.quote
            )
        )
    reasons = tuple(Reason(reason.code, dict(reason.params)) for reason in grounded.reasons)
    return Sentence(grounded.text, grounded.mark, tuple(citations), reasons)


def _places_looked_at(inquiry: Inquiry) -> tuple[Source, ...]:
    """Return the best passage of each of the three documents nearest to the question."""
    seen: dict[int, Source] = {}
    for source in inquiry.sources:
        seen.setdefault(source.document_id, source)
    places = list(seen.values())[:3]
    return tuple(replace(place, number=number) for number, place in enumerate(places, start=1))


def _answer(
    inquiry: Inquiry,
    outcome: Outcome,
    sentences: tuple[Sentence, ...],
    sources: tuple[Source, ...],
    *,
    fallback: str = "",
) -> Answer:
    return Answer(
        question=inquiry.question,
        outcome=outcome,
        sentences=sentences,
        sources=sources,
        understood=inquiry.understood,
        repaired=dict(inquiry.repaired),
        fallback=fallback,
        confidence=inquiry.confidence,
    )
