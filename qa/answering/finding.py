"""A request → the passages that match it: how the question is understood, and what is searched."""

import numpy as np

from index import Article, Hit, Library
from index.encoding.encoders import Vectors
from index.passages import split_article
from index.search.fusion import QUESTION_MIXTURE, softmax_share
from index.settings import Settings
from qa.answering.as_of import restrict_by_question
from qa.answering.found import Found, Stopwatch
from qa.answering.request import Request
from qa.answering.respelling import respell_question
from qa.followups import resolve_question
from qa.reader.evidence import is_small_talk


def find_passages(request: Request, library: Library, clock: Stopwatch) -> Found:
    """The passages that match, and how the question was understood.

    A follow-up is understood from the turns before, words that no article has are read as the
    nearest one, and "as of 2010" restricts the articles.

    Raises:
        QuestionError: the filters' dates can be of no article.
    """
    typed, chosen = request.question, request.settings
    after = () if is_small_talk(typed) else request.after
    followup = resolve_question(typed, after, without=request.without, with_answer=chosen.reads)
    question, spelling = respell_question(followup.query if followup else typed, library)
    searched, allowed, restriction = restrict_by_question(question, request.filters)
    count = max(request.wanted, chosen.read_passages)
    vector = library.encode_question(searched)
    clock.lap("encode")
    hits = library.rank(searched, vector, count, system=chosen.retrieval, filters=allowed)
    clock.lap("search")
    notes = (spelling, restriction)
    return Found(
        request,
        question,
        searched,
        vector,
        tuple(hits),
        clock,
        tuple(filter(None, notes)),
        followup,
        allowed,
    )


def match_article(
    question: str, article: Article, library: Library, settings: Settings, clock: Stopwatch
) -> tuple[Vectors, tuple[Hit, ...]]:
    """The question's vector, (dim,) float32, and one article's passages as hits, best first."""
    encoder = library.encoder
    vector = encoder.encode_questions([question])[0]
    clock.lap("encode")
    parts = split_article(
        article, words=settings.passage_words, overlap_sentences=settings.overlap_sentences
    )
    cosines = encoder.encode_passages([part.text for part in parts]) @ vector
    scores = softmax_share(QUESTION_MIXTURE.meaning_sharpness * cosines.astype(np.float64))
    order = sorted(range(len(parts)), key=lambda row: (-float(cosines[row]), row))
    clock.lap("search")
    return vector, tuple(
        Hit(parts[row], article, float(scores[row]), rank, {"dense": float(cosines[row])})
        for rank, row in enumerate(order, start=1)
    )
