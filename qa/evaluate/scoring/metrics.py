"""Results → figures: every metric of a question, and the metrics of a run.

Ranking and citation metrics are in [0, 1]; those of the SQuAD script are percentages, as there.
"""

import re
from collections.abc import Sequence

from qa.evaluate.data.records import Case, Result
from qa.evaluate.scoring.abstention import (
    Outcome,
    measure_area,
    measure_auroc,
    measure_calibration,
    trace_risk,
)
from qa.evaluate.scoring.answers import score_answer, summarize_answers
from qa.evaluate.scoring.ranking import score_rankings
from qa.output.shapes import CitationJson

EVIDENCE_DEPTHS = (1, 3, 10)
MARKER = re.compile(r"\[(\d{1,3})\]")
PERCENT = ("exact", "f1")
LOWER_IS_BETTER = frozenset(
    {"aurc", "ece", "dangling", "wrongly_withheld", "wrongly_changed", "errors"}
)
Scores = dict[str, dict[str, float]]


def is_supported(case: Case, citation: CitationJson) -> bool:
    """Whether a citation quotes gold evidence or, without spans, a relevant article."""
    place = (citation["article"], citation["start"], citation["end"])
    if case.spans:
        return any(span.overlaps_evidence(*place) for span in case.spans)
    return case.relevant.get(place[0], 0) > 0


def is_right(result: Result) -> bool:
    """Whether the system did right by the question.

    Unanswerable: it withheld. Answerable: its words are exactly a right answer; or the words it
    points at in its first citation (else the whole quote) overlap a gold answer; or, where the
    gold names articles alone, the first citation is of a relevant one.
    """
    case = result.case
    if result.status != "answered":
        return result.status == "not_found" and not case.answerable
    if not case.answerable:
        return False
    if case.answers and score_answer(case.answers, result.prediction)[0]:
        return True
    citations = result.answer["citations"]
    if not citations:
        return False
    first = citations[0]
    if not case.spans:
        return is_supported(case, first)
    words = first["answer"] or first
    place = (first["article"], words["start"], words["end"])
    return any(span.overlaps_words(*place) for span in case.spans)


def match_date(gold: str, given: str) -> bool:
    """Whether a date is exact at the precision asked for: a more precise one is right too.

    The qualifiers ``?``, ``~`` and ``%`` of EDTF are left aside; an interval equals itself alone.
    """
    plain = re.sub("[?~%]", "", given)
    return plain == gold or ("/" not in plain and plain.startswith(f"{gold}-"))


def score_result(result: Result) -> dict[str, float]:
    """The metrics of one question that need no other question, ranking aside."""
    case = result.case
    if result.only == "ranking":
        return score_evidence(result)
    scores = {"right": float(is_right(result)), **score_followup(result)}
    citations = result.answer["citations"]
    if case.answers or not case.answerable:
        scores["exact"], scores["f1"] = score_answer(case.answers, result.prediction)
    if not case.answerable:
        scores["withheld_unanswerable"] = float(result.status == "not_found")
        return scores
    scores["wrongly_withheld"] = float(result.status == "not_found")
    if case.date:
        scores["date_exact"] = float(match_date(case.date, result.answer["date"] or ""))
    scores |= score_evidence(result)
    if result.only == "answer":
        return scores
    first = bool(citations) and case.relevant.get(citations[0]["article"], 0) > 0
    scores["first_citation"] = float(first)
    supported = [is_supported(case, citation) for citation in citations]
    if citations:
        scores["citation_precision"] = sum(supported) / len(supported)
    scores["citation_recall"] = measure_recall(case, citations)
    return scores


def score_followup(result: Result) -> dict[str, float]:
    """How a question of a conversation was understood, where the case says what it is.

    For ``follow-up``: whether it was taken for one, and whether the first citation is the gold's.
    For ``independent``: whether it was changed all the same.
    """
    case = result.case
    if not case.after or result.only:
        return {}
    found = float(bool(result.answer.get("followup")))
    if case.kind == "independent":
        return {"wrongly_changed": found}
    if case.kind != "follow-up":
        return {}
    scores = {"followup_found": found}
    if case.answerable:
        citations = result.answer["citations"]
        scores["followup_first"] = float(bool(citations) and is_supported(case, citations[0]))
    return scores


def score_evidence(result: Result) -> dict[str, float]:
    """Whether gold evidence is among the first passages, where passages were retrieved."""
    if result.only in ("answer", "reading") or not result.case.answerable:
        return {}
    if result.only == "ranking" and result.case.spans:
        return {}
    return {
        f"evidence@{depth}": float(0 < result.evidence_rank <= depth) for depth in EVIDENCE_DEPTHS
    }


def measure_recall(case: Case, citations: Sequence[CitationJson]) -> float:
    """The share of the gold evidence (or of the relevant articles) that the citations reach."""
    places = [(c["article"], c["start"], c["end"]) for c in citations]
    if case.spans:
        gold = {(s.article, s.evidence_start, s.evidence_end): s for s in case.spans}
        met = [any(span.overlaps_evidence(*place) for place in places) for span in gold.values()]
        return sum(met) / len(met)
    relevant = {name for name, grade in case.relevant.items() if grade > 0}
    return len(relevant & {place[0] for place in places}) / len(relevant) if relevant else 0.0


def score_results(results: Sequence[Result]) -> Scores:
    """The metrics of every question by id, those of its ranking first."""
    ranked = score_rankings(
        {result.case.id: result.ranking for result in results},
        {r.case.id: r.case.relevant for r in results if r.only in ("", "ranking")},
    )
    return {
        result.case.id: {**ranked.get(result.case.id, {}), **score_result(result)}
        for result in results
    }


def summarize_results(results: Sequence[Result], scores: Scores) -> dict[str, float]:
    """The metrics of a run: means over the questions that have them, and those of the whole."""
    metrics: dict[str, float] = {"questions": float(len(results))}
    for name in list(dict.fromkeys(name for row in scores.values() for name in row)):
        if name not in PERCENT:
            values = [row[name] for row in scores.values() if name in row]
            metrics[name] = sum(values) / len(values)
    metrics["errors"] = float(sum(result.status == "error" for result in results))
    if all(result.only == "ranking" for result in results):
        return metrics
    if any(result.case.answers for result in results):
        scored = [r for r in results if r.case.answers or not r.case.answerable]
        metrics |= summarize_answers(
            {r.case.id: r.case.answers for r in scored},
            {r.case.id: r.prediction for r in scored},
            {r.case.id: 1 - r.confidence for r in scored},
        )
    metrics |= summarize_confidence(results, scores)
    citations = sum(len(result.answer["citations"]) for result in results)
    if citations:
        metrics["offsets_exact"] = sum(result.exact_quotes for result in results) / citations
    metrics["dangling"] = float(sum(result.dangling for result in results))
    metrics["answered"] = sum(r.status == "answered" for r in results) / len(results)
    return metrics


def list_outcomes(results: Sequence[Result], scores: Scores) -> list[Outcome]:
    """Confidence and rightness of each question that was answered."""
    return [
        (result.confidence, scores[result.case.id]["right"] > 0)
        for result in results
        if result.status == "answered"
    ]


def summarize_confidence(results: Sequence[Result], scores: Scores) -> dict[str, float]:
    """``aurc``, ``auroc``, ``ece`` over the answered, ``auroc_answerable`` over all questions."""
    figures: dict[str, float] = {}
    outcomes = list_outcomes(results, scores)
    if outcomes:
        figures["aurc"] = measure_area(trace_risk(outcomes, len(results)))
        figures["ece"] = measure_calibration(outcomes)
    auroc = measure_auroc(outcomes)
    if auroc is not None:
        figures["auroc"] = auroc
    both = measure_auroc([(result.confidence, result.case.answerable) for result in results])
    if both is not None:
        figures["auroc_answerable"] = both
    return figures


def count_dangling(text: str, citations: Sequence[CitationJson]) -> int:
    """How many references ``[n]`` of an answer have no citation of that number."""
    numbers = {citation["number"] for citation in citations}
    quotes = " ".join(citation["quote"] for citation in citations)
    return sum(
        int(found.group(1)) not in numbers and found.group() not in quotes
        for found in MARKER.finditer(text)
    )
