"""Why an answer came out as it did, told step by step from its trace.

A step is a key and values; ``SENTENCES`` words it in English, and the page in its own language.
Nothing is decided here: what is told stands in the trace.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from qa.types import Answer, Trace, TracedCandidate

Words = str | dict[str, str]
"""A sentence with ``{holes}``, or its forms by plural category of ``count``."""

SENTENCES: dict[str, Words] = {
    "understood": "“{typed}” was understood as “{question}”.",
    "searched": "Searched for “{searched}”.",
    "nothing_found": "The search ({system}) found no passage.",
    "found": {
        "one": "The search ({system}) found {count} passage, in {article} ({signals}).",
        "other": "The search ({system}) found {count} passages; the first is in {article} "
        "({signals}).",
    },
    "read": {
        "one": "The reader read {count} passage.",
        "other": "The reader read {count} passages.",
    },
    "unread": {
        "one": "It left {count} unread, since the first ones were enough.",
        "other": "It left {count} unread, since the first ones were enough.",
    },
    "compared": "No reader was used: the sentence that matches the question best was taken.",
    "raised": "Reading raised a passage of {article} from place {before} to the first.",
    "best": "The best candidate was “{text}” in {article}, with {score}.",
    "none": "No candidate for an answer was left.",
    "runner_up": "The runner-up was “{text}” in {article}, with {score}; it lost most by {reason}.",
    "close_second": "The runner-up was “{text}” in {article}, with {score}.",
    "named": "“{text}” ({article})",
    "dropped": {
        "one": "Left out was {texts}{more}: {rule}.",
        "other": "Left out were {texts}{more}: {rule}.",
    },
    "agreed": "Articles that say the same raised the confidence from {before} to {after}.",
    "lowered": "What was left out lowered the confidence from {before} to {after}.",
    "dated": "The date was worked out: {note}.",
    "given": "The confidence is {confidence} and the threshold {threshold}: the answer was given.",
    "withheld": "Withheld, because the confidence of {confidence} is under the threshold of "
    "{threshold}.",
    "reason.retrieval": "what the search thinks of its passage",
    "reason.span": "how surely its words answer",
    "reason.answerable": "whether its passage answers at all",
    "reason.relevance": "how its passage bears on the question",
    "reason.sentence_matter": "how much of what is asked its sentence says",
    "reason.closeness": "how near its sentence is to the question",
    "reason.kind": "the kind of thing that is asked for",
    "reason.rank": "the rank of its passage",
    "rule.dateline": "it is the day on which the article was written, and the sentence has another",
    "rule.undated": "to a question for a date, other sentences say both what happened and when",
    "rule.other time": "its sentence says that it tells of another time",
    "rule.answered before": "it was answered before, and the question asks for others",
}

SHOWN = 3
"""Candidates that are named of those that a rule left out."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: which sentence, and its values; steps among them are worded too."""

    key: str
    values: "Mapping[str, Value]" = field(default_factory=dict)

    def word(self, say: Callable[..., str]) -> str:
        """The sentence, by what gives the text under ``story.`` and the key."""
        values: dict[str, str | int] = {}
        for name, value in self.values.items():
            if isinstance(value, Step):
                values[name] = value.word(say)
            elif isinstance(value, tuple):
                values[name] = ", ".join(step.word(say) for step in value)
            else:
                values[name] = value
        return say(f"story.{self.key}", **values)


Value = str | int | Step | tuple[Step, ...]


def say_plainly(key: str, /, **values: object) -> str:
    """The English sentence under ``story.`` and a key, with its values."""
    words = SENTENCES[key.removeprefix("story.")]
    if isinstance(words, dict):
        words = words["one" if values.get("count") == 1 else "other"]
    return words.format(**values)


def tell_story(answer: Answer) -> list[Step]:
    """The steps to an answer, in order; none without a trace."""
    trace = answer.trace
    if trace is None:
        return []
    steps = [*tell_search(trace), *tell_reading(trace)]
    if answer.date and answer.date.note:
        steps.append(Step("dated", {"note": answer.date.note.removesuffix(".")}))
    least = trace.threshold if trace.asked.min_confidence < 0 else trace.asked.min_confidence
    told = {"confidence": f"{trace.confidence:.2f}", "threshold": f"{least:.2f}"}
    if answer.status == "answered":
        steps.append(Step("given", told))
    elif kept_of(trace):
        steps.append(Step("withheld", told))
    return steps


def tell_search(trace: Trace) -> list[Step]:
    """How the question was understood, and what the search found."""
    asked, steps = trace.asked, []
    if asked.question != asked.typed:
        steps.append(Step("understood", {"typed": asked.typed, "question": asked.question}))
    if asked.searched != asked.question:
        steps.append(Step("searched", {"searched": asked.searched}))
    if not trace.passages:
        return [*steps, Step("nothing_found", {"system": asked.system})]
    first = min(trace.passages, key=lambda item: item.retrieved)
    signals = ", ".join(
        f"{name} {value:.3g}" for name, value in first.signals.items() if name in ("dense", "bm25")
    )
    values: dict[str, Value] = {
        "system": asked.system.removesuffix(f"+{trace.reader}"),
        "count": len(trace.passages),
        "article": first.article,
        "signals": signals,
    }
    return [*steps, Step("found", values)]


def tell_reading(trace: Trace) -> list[Step]:
    """What was read, the best candidate, what lost and what was left out."""
    steps = []
    read = sum(bool(item.reading) for item in trace.passages)
    if read:
        steps.append(Step("read", {"count": read}))
        if len(trace.passages) > read:
            steps.append(Step("unread", {"count": len(trace.passages) - read}))
    elif trace.passages and trace.reader and not trace.asked.system.endswith(f"+{trace.reader}"):
        steps.append(Step("compared"))
    if trace.passages and (top := trace.passages[0]).retrieved > 1:
        steps.append(Step("raised", {"article": top.article, "before": top.retrieved}))
    kept = kept_of(trace)
    steps += [Step("best", describe(kept[0]))] if kept else [Step("none")] * bool(trace.passages)
    second = next((item for item in kept[1:] if fold(item) != fold(kept[0])), None)
    if second:
        reason = find_reason(kept[0], second)
        told = describe(second)
        steps.append(
            Step("runner_up", {**told, "reason": Step(f"reason.{reason}")})
            if reason
            else Step("close_second", told)
        )
    steps += tell_dropped(trace)
    before, after = trace.alone, trace.confidence
    if kept and abs(before - after) >= 0.005:
        key = "agreed" if after > before else "lowered"
        steps.append(Step(key, {"before": f"{before:.2f}", "after": f"{after:.2f}"}))
    return steps


def tell_dropped(trace: Trace) -> list[Step]:
    """What was left out, by the rule that did it."""
    by_rule: dict[str, list[Step]] = {}
    for item in trace.candidates:
        if item.dropped_by:
            by_rule.setdefault(item.dropped_by, []).append(Step("named", describe(item)))
    return [
        Step(
            "dropped",
            {
                "texts": tuple(texts[:SHOWN]),
                "more": " …" * (len(texts) > SHOWN),
                "count": len(texts),
                "rule": Step(f"rule.{rule}"),
            },
        )
        for rule, texts in by_rule.items()
    ]


def kept_of(trace: Trace) -> list[TracedCandidate]:
    """The candidates that no rule left out, best first."""
    return [item for item in trace.candidates if not item.dropped_by]


def describe(item: TracedCandidate) -> dict[str, "Value"]:
    """A candidate's values in a sentence."""
    return {"text": item.text, "article": item.article, "score": f"{item.score:.2f}"}


def fold(item: TracedCandidate) -> str:
    """Its words without case, to tell whether two candidates are the same answer."""
    return " ".join(item.text.casefold().split())


def find_reason(best: TracedCandidate, second: TracedCandidate) -> str:
    """What told most against the second; empty when nothing did."""
    lost = {name: value - second.why.get(name, 0.0) for name, value in best.why.items()}
    worst = max(lost, key=lambda name: lost[name], default="")
    return worst if worst and lost[worst] > 0 and f"reason.{worst}" in SENTENCES else ""


def word_story(steps: Sequence[Step], say: Callable[..., str] = say_plainly) -> list[str]:
    """The steps as sentences."""
    return [step.word(say) for step in steps]
