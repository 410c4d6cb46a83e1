"""Exact match and F1 as the SQuAD v2.0 evaluation script computes them.

The functions follow ``evaluate-v2.0.py`` of SQuAD (Rajpurkar et al. 2018) step by step: the
figures are percentages, thresholds are no-answer probabilities. One difference: a question without
a prediction counts as the empty answer, where the script leaves it out.
"""

import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

PUNCTUATION = str.maketrans("", "", string.punctuation)
ARTICLES = re.compile(r"\b(a|an|the)\b", re.UNICODE)


def normalize_answer(text: str) -> str:
    """The text in lower case without punctuation, English articles and extra space."""
    return " ".join(ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split())


def score_exact(gold: str, prediction: str) -> float:
    """1 when the two are the same after normalisation, else 0."""
    return float(normalize_answer(gold) == normalize_answer(prediction))


def score_f1(gold: str, prediction: str) -> float:
    """The harmonic mean of word precision and recall after normalisation."""
    wanted, given = normalize_answer(gold).split(), normalize_answer(prediction).split()
    if not wanted or not given:
        return float(wanted == given)
    same = sum((Counter(wanted) & Counter(given)).values())
    if not same:
        return 0.0
    precision, recall = same / len(given), same / len(wanted)
    return 2 * precision * recall / (precision + recall)


def score_answer(golds: Iterable[str], prediction: str) -> tuple[float, float]:
    """Exact match and F1 against the best of the right answers; none mean "no answer"."""
    accepted = [gold for gold in golds if normalize_answer(gold)] or [""]
    return (
        max(score_exact(gold, prediction) for gold in accepted),
        max(score_f1(gold, prediction) for gold in accepted),
    )


def find_best_threshold(
    predictions: Mapping[str, str],
    scores: Mapping[str, float],
    no_answer: Mapping[str, float],
    answerable: Mapping[str, bool],
) -> tuple[float, float]:
    """The best percentage that withholding above some no-answer probability gives, and that one.

    Questions of the same probability are taken in the order of ``scores``, as the script does.
    """
    current = best = float(sum(not has_answer for has_answer in answerable.values()))
    threshold = 0.0
    for name in sorted(scores, key=lambda item: no_answer[item]):
        if answerable[name]:
            current += scores[name]
        elif predictions[name]:
            current -= 1
        if current > best:
            best, threshold = current, no_answer[name]
    return 100 * best / len(scores), threshold


def summarize_answers(
    golds: Mapping[str, Sequence[str]],
    predictions: Mapping[str, str],
    no_answer: Mapping[str, float],
) -> dict[str, float]:
    """The script's figures: ``exact``, ``f1``, ``HasAns_*``, ``NoAns_*``, ``best_*``.

    ``golds`` are the right answers of each question, none when nothing answers it.
    """
    if not golds:
        return {}
    given = {name: predictions.get(name, "") for name in golds}
    chances = {name: no_answer.get(name, 0.0) for name in golds}
    answerable = {name: bool(accepted) for name, accepted in golds.items()}
    scores = {name: score_answer(accepted, given[name]) for name, accepted in golds.items()}
    figures: dict[str, float] = {}
    for prefix, wanted in (("", None), ("HasAns_", True), ("NoAns_", False)):
        names = [name for name in golds if wanted is None or answerable[name] is wanted]
        if names:
            for position, measure in enumerate(("exact", "f1")):
                total = sum(scores[name][position] for name in names)
                figures[f"{prefix}{measure}"] = 100 * total / len(names)
            figures[f"{prefix}total"] = float(len(names))
    for position, measure in enumerate(("exact", "f1")):
        column = {name: pair[position] for name, pair in scores.items()}
        best, threshold = find_best_threshold(given, column, chances, answerable)
        figures[f"best_{measure}"] = best
        figures[f"best_{measure}_thresh"] = threshold
    return figures
