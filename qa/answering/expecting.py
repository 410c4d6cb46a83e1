"""Where a text that was expected in an answer was lost: in which stage, and to what."""

import re
from dataclasses import replace

from index import Article, Library
from qa.output.story import Step, Value, describe, kept_of, say_plainly
from qa.types import Answer, Status, Trace, TracedPassage

SENTENCES = {
    "absent": "“{text}” stands in no article of the library; was its article added?",
    "left_out": "“{text}” stands in {article}, but in no passage: that part was taken for "
    "boilerplate, not for the article’s text.",
    "filtered": "“{text}” stands in {article}, which the filters leave out.",
    "not_found": "“{text}” stands in {article}, but its passage is not among the first "
    "{limit} that the search finds.",
    "ranked_low": "“{text}” stands in {article}; the search puts its passage at place "
    "{rank}, and only the first {limit} are looked at.",
    "unread": "“{text}” stands in {article}; its passage was found at place {rank}, and not read.",
    "not_picked": "“{text}” stands in {article}; its passage was read and is at place "
    "{rank}, but nothing that was picked there has these words.",
    "dropped": "“{text}” was a candidate in {article}, and was left out: {rule}.",
    "lost": "“{text}” was candidate {rank} of {count}, in {article}, with {score}.",
    "withheld": "“{text}” was candidate {rank} of {count}, in {article}, and all were withheld.",
    "cited": "“{text}” is in citation [{number}]; it is not what the answer says.",
    "answer": "“{text}” is what was answered.",
}

DEEPEST = 1000
"""Ranks to which an expected passage is looked for."""


def locate_expected(answer: Answer, expected: str, library: Library) -> str:
    """One sentence that says where an expected text was lost; as ``find_stage``."""
    return find_stage(answer, expected, library).word(say_stage)


def say_stage(key: str, /, **values: object) -> str:
    """As ``say_plainly``, for the sentences of this module too."""
    words = SENTENCES.get(key.removeprefix("story."))
    return words.format(**values) if words else say_plainly(key, **values)


def find_stage(answer: Answer, expected: str, library: Library) -> Step:
    """The stage at which a wanted passage or answer was lost, of all its places the furthest.

    Case and white space do not count. With nothing of it among the candidates, every article of
    the library may be looked through.
    """
    trace = answer.trace
    if trace is None:
        raise ValueError("the answer has no trace")
    pattern = re.compile(r"\s+".join(map(re.escape, expected.split())), re.IGNORECASE)
    said = {"text": expected}
    if answer.status == "answered" and pattern.search(answer.text):
        return Step("answer", said)
    for citation in answer.citations:
        if pattern.search(citation.quote):
            return Step("cited", {**said, "number": citation.number})
    return (
        find_candidate(trace, answer.status, pattern, expected, library)
        or find_passage(trace, pattern, expected, library)
        or find_elsewhere(trace, pattern, expected, library)
    )


def find_candidate(
    trace: Trace, status: Status, pattern: re.Pattern[str], expected: str, library: Library
) -> Step | None:
    """What became of the first candidate whose sentence has the text."""
    kept = kept_of(trace)
    for item in trace.candidates:
        if not pattern.search(library.article(item.article).text[item.start : item.end]):
            continue
        values = {**describe(item), "text": expected}
        if item.dropped_by:
            return Step("dropped", {**values, "rule": Step(f"rule.{item.dropped_by}")})
        place = {**values, "rank": kept.index(item) + 1, "count": len(kept)}
        return Step("lost" if status == "answered" else "withheld", place)
    return None


def find_passage(
    trace: Trace, pattern: re.Pattern[str], expected: str, library: Library
) -> Step | None:
    """What became of the best passage that was found and has the text."""

    def holds(item: TracedPassage) -> bool:
        text = library.article(item.article).text
        return bool(pattern.search(text[item.start : item.end]))

    found = next((item for item in trace.passages if holds(item)), None)
    if found is None:
        return None
    values: dict[str, Value] = {
        "text": expected, "article": found.article, "rank": found.rank,
    }  # fmt: skip
    return Step("not_picked" if found.reading else "unread", values)


def find_elsewhere(trace: Trace, pattern: re.Pattern[str], expected: str, library: Library) -> Step:
    """Why no passage with the text was found: how far down it is, or that it is none."""
    holding = [
        article
        for item in library.articles()
        if pattern.search((article := library.article(item.id)).text)
    ]
    if not holding:
        return Step("absent", {"text": expected})
    asked = trace.asked
    system = asked.system.split("+")[0]
    vector = None if system == "bm25" else library.encode_question(asked.searched)
    hits = library.rank(asked.searched, vector, DEEPEST, system=system, filters=asked.filters)
    limit = len(trace.passages)
    for hit in hits:
        if pattern.search(hit.passage.text):
            values: dict[str, Value] = {
                "article": hit.article.id, "rank": hit.rank, "limit": limit,
            }  # fmt: skip
            return Step("ranked_low", {"text": expected, **values})
    return max(
        (judge_article(trace, article, pattern, expected, library) for article in holding),
        key=lambda step: step.key == "not_found",
    )


def judge_article(
    trace: Trace, article: Article, pattern: re.Pattern[str], expected: str, library: Library
) -> Step:
    """Why none of an article's passages that has the text was found."""
    values: dict[str, Value] = {"text": expected, "article": article.id}
    passages = library.passages(article.id)
    if not any(pattern.search(item.text) for item in passages):
        return Step("left_out", values)
    asked = trace.asked
    barred = bool(asked.filters.articles) and article.id not in asked.filters.articles
    alone = replace(asked.filters, articles=(article.id,))
    vector = library.encode_question(asked.searched)
    if barred or not library.rank(asked.searched, vector, 1, system="dense", filters=alone):
        return Step("filtered", values)
    return Step("not_found", {**values, "limit": DEEPEST})
