"""Fits what the reader's numbers are worth, on development questions that training never saw.

Three small models are fitted by gradient descent on the trials of ``training.trials`` (listwise
softmax for ranking and choice, logistic regression for confidence), and the threshold by the F1
that it gives.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from index import Hit
from qa.reader.calibration import (
    CHOICE,
    CONFIDENCE,
    RANKING,
    Fitted,
    answer_confidence,
    confidence_features,
    rank_with_reader,
    reading_features,
    relative_scores,
)
from qa.reader.model import Reader
from qa.reader.network import (
    CONFIG_NAME,
    MODEL_PATH,
)
from qa.reader.picker import (
    Candidate,
    choose,
    find_candidates,
)
from training.archive import KIND, make_archive_trials
from training.judging import Chosen, describe_confidence, report_stopping, weigh_nulls
from training.stories import read_stories, split_stories
from training.trials import KINDS, READ, Trial, is_right, make_trials

SEED = 20080917


class LinearFit(TypedDict):
    """A linear model as the configuration has it."""

    weights: dict[str, float]
    bias: float


def main() -> None:
    """Fit, and write the weights into the model's configuration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("training/work"))
    parser.add_argument("--model", type=Path, default=MODEL_PATH)
    options = parser.parse_args()
    fit_reader(options.work, options.model)


def fit_reader(work: Path, model: Path) -> None:
    """Fit every weight and write them into ``model``'s configuration."""
    reader = Reader.load(model)
    _, stories = split_stories(read_stories())
    news = make_archive_trials(stories, work, reader)
    fit = fit_weights([*make_trials(work, reader), *news])
    file = model / CONFIG_NAME
    config = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**config, "fit": fit}, indent=1) + "\n", "utf-8")
    print(json.dumps(fit, indent=1))


def fit_weights(trials: Sequence[Trial]) -> dict[str, Any]:
    """The ``fit`` part of a reader's configuration."""
    torch.manual_seed(SEED)
    fit = {
        **fit_ranking(trials),
        "choice": LinearFit(weights=dict.fromkeys(CHOICE, 0.0), bias=0.0),
        "confidence": LinearFit(weights=dict.fromkeys(CONFIDENCE, 0.0), bias=0.0),
        "threshold": 0.5,
        "data": f"{len(trials)} development questions in libraries of {', '.join((*KINDS, KIND))}",
    }
    weighed = weigh_candidates(trials, Fitted.from_config({"fit": fit}))
    fit["choice"] = fit_choice(weighed)
    chosen = choose_answers(weighed, Fitted.from_config({"fit": fit}))
    fit["confidence"] = fit_confidence(chosen)
    fit["threshold"] = fit_threshold(chosen, Fitted.from_config({"fit": fit}))
    fitted = Fitted.from_config({"fit": fit})
    report(trials, chosen, fitted)
    report_carrying_over(chosen)
    report_stopping(trials, fitted)
    return rounded(fit)


def tensor_of(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Tensor:
    """(rows, names) float32."""
    return torch.tensor([[row[name] for name in names] for row in rows])


def fit_ranking(trials: Sequence[Trial]) -> dict[str, Any]:
    """What puts the passage that holds the answer first, listwise: ``ranking`` and ``offset``."""
    data = [ranking_tensors(trial) for trial in trials if not trial.given and any(trial.holds)]
    relative, relevance, answerable, holds = map(torch.stack, zip(*data, strict=True))
    weights = raise_to_positive([0.4, 0.3, 1.0])
    offset = torch.tensor(2.0, requires_grad=True)

    def loss() -> Tensor:
        positive = functional.softplus(weights)
        parts = (relative, relevance, functional.softplus(answerable + offset))
        scores = sum(weight * part for weight, part in zip(positive, parts, strict=True))
        logs = torch.log_softmax(torch.as_tensor(scores), 1)
        held = torch.logsumexp(logs.masked_fill(~holds, -1e4), 1)
        return -held.mean() + 1e-3 * (weights.square().sum() + offset.square())

    minimise(loss, [weights, offset])
    positive = functional.softplus(weights).tolist()
    return {
        "ranking": LinearFit(weights=dict(zip(RANKING, positive, strict=True)), bias=0.0),
        "offset": offset.item(),
    }


def ranking_tensors(trial: Trial) -> tuple[Tensor, ...]:
    """Relative scores, relevance, answerable and whether each hit holds the answer, all (READ,).

    Missing hits have a relative score far below all others.
    """
    missing = READ - len(trial.hits)
    seen = [reading_features(reading) for reading in trial.readings]
    columns = (
        relative_scores([hit.score for hit in trial.hits]) + [-1e4] * missing,
        [row["relevance"] for row in seen] + [0.0] * missing,
        [row["answerable"] for row in seen] + [0.0] * missing,
    )
    holds = [*trial.holds, *[False] * missing]
    return (*(torch.tensor(column) for column in columns), torch.tensor(holds))


@dataclass(frozen=True, slots=True)
class Weighed:
    """A trial's hits in their final order, its possible answers, whether right, and their F1."""

    trial: Trial
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]
    right: tuple[bool, ...]
    f1: tuple[float, ...]


def weigh_candidates(trials: Sequence[Trial], fitted: Fitted) -> list[Weighed]:
    """The possible answers of every trial, as ``qa.reader.picker`` finds them."""
    weighed = []
    for trial in trials:
        ranked = rank_with_reader(trial.question, trial.hits, trial.readings, fitted)
        found = find_candidates(trial.question, ranked)
        if not found:
            continue
        right, f1 = zip(*(is_right(trial, candidate) for candidate in found), strict=True)
        final = tuple(hit for hit, _ in ranked)
        weighed.append(Weighed(trial, final, tuple(found), right, f1))
    return weighed


def fit_choice(weighed: Sequence[Weighed]) -> LinearFit:
    """The weights that put a right answer before the wrong ones."""
    data = [
        (tensor_of([c.features for c in item.candidates], CHOICE), torch.tensor(item.right))
        for item in weighed
        if any(item.right) and not all(item.right)
    ]
    weights = raise_to_positive([0.3] * len(CHOICE))

    def loss() -> Tensor:
        positive = functional.softplus(weights)
        total = torch.tensor(0.0)
        for features, right in data:
            total = total - torch.logsumexp(torch.log_softmax(features @ positive, 0)[right], 0)
        return total / len(data) + 1e-3 * positive.square().sum()

    minimise(loss, [weights])
    positive = functional.softplus(weights).tolist()
    return LinearFit(weights=dict(zip(CHOICE, positive, strict=True)), bias=0.0)


def raise_to_positive(values: list[float]) -> Tensor:
    """Parameters whose softplus is ``values``: more evidence never counts against a passage."""
    return torch.tensor(np.log(np.expm1(values)), dtype=torch.float32, requires_grad=True)


def choose_answers(weighed: Sequence[Weighed], fitted: Fitted) -> list[Chosen]:
    """The answer of every trial, chosen as ``qa.reader.picker`` does."""
    chosen = []
    for item in weighed:
        order, scores = choose(item.trial.question, item.candidates, fitted)
        best, trial = item.candidates[order[0]], item.trial
        features = confidence_features(item.hits, best.hit, best.features, scores)
        right, f1 = item.right[order[0]], item.f1[order[0]]
        chosen.append(Chosen(features, right, f1, trial.answerable, trial.kind, trial.form))
    return chosen


def fit_confidence(chosen: Sequence[Chosen]) -> LinearFit:
    """Logistic regression of being right on the features of the chosen answer.

    The weights are fitted on all trials alike, since what tells the nulls apart is hardest to
    learn; then their sum is scaled and shifted (Platt 1999) to the shares of nulls that questions
    are thought to have.
    """
    features = tensor_of([c.features for c in chosen], CONFIDENCE)
    right = torch.tensor([float(c.right) for c in chosen])
    shares = torch.tensor(weigh_nulls([c.answerable for c in chosen]), dtype=torch.float32)
    raised = raise_to_positive([0.2] * len(CONFIDENCE))
    bias = torch.zeros((), requires_grad=True)

    def loss() -> Tensor:
        weights = functional.softplus(raised)
        logits = features @ weights + bias
        plain = functional.binary_cross_entropy_with_logits(logits, right)
        return plain + 1e-3 * weights.square().sum()

    minimise(loss, [raised, bias])
    weights = functional.softplus(raised).detach()
    odds = (features @ weights + bias).detach()
    scale, shift = torch.ones((), requires_grad=True), torch.zeros((), requires_grad=True)

    def scaled_loss() -> Tensor:
        logits = odds * scale + shift
        return shares @ functional.binary_cross_entropy_with_logits(logits, right, reduction="none")

    minimise(scaled_loss, [scale, shift])
    weighed = (weights * scale).tolist()
    return LinearFit(
        weights=dict(zip(CONFIDENCE, weighed, strict=True)), bias=(bias * scale + shift).item()
    )


AS_GOOD = 0.002
"""Differences of mean F1 that are none: a third of its standard error over 4,000 trials."""


def gains_of(rows: Sequence[tuple[float, float, bool]], threshold: float) -> NDArray[np.float64]:
    """What each (confidence, F1, answerable) gives when what is less sure is withheld.

    Its F1, or 1 for a null that is withheld.
    """
    return np.array(
        [(f1 if p >= threshold else 0.0) if good else float(p < threshold) for p, f1, good in rows]
    )


def fit_threshold(chosen: Sequence[Chosen], fitted: Fitted) -> float:
    """The lowest confidence under which withholding gives about the best mean F1.

    A withheld null gives 1. Of levels that are as good, the lowest: what is withheld wrongly is
    lost, and a doubtful answer is shown with its quote and its doubt.
    """
    rows = [(answer_confidence(i.features, fitted), i.f1, i.answerable) for i in chosen]
    shares = weigh_nulls([item.answerable for item in chosen])
    levels = np.arange(0.05, 0.8, 0.01)
    gains = np.array([shares @ gains_of(rows, level) for level in levels])
    at = float(levels[int(np.argmax(gains >= gains.max() - AS_GOOD))])
    print([f"{level:.2f}: {gain:.4f}" for level, gain in zip(levels, gains, strict=True)][15:50])
    print(f"mean F1 with abstention {gains.max():.3f} at {at:.2f}")
    return at


def report(trials: Sequence[Trial], chosen: Sequence[Chosen], fitted: Fitted) -> None:
    """Print what the fit gives on the questions it was fitted on."""
    searched = [t for t in trials if not t.given and any(t.holds)]
    before = np.mean([t.holds[0] for t in searched])
    after = np.mean(
        [
            dict(zip(map(id, t.readings), t.holds, strict=True))[
                id(rank_with_reader(t.question, t.hits, t.readings, fitted)[0][1])
            ]
            for t in searched
        ]
    )
    print(f"Success@1 {before:.3f} by retrieval, {after:.3f} with the reader, of {len(searched)}")
    for form in sorted({item.form for item in chosen}):
        part = [item for item in chosen if item.form == form]
        print(f"{form}: {describe_confidence(part, fitted)}")


def report_carrying_over(chosen: Sequence[Chosen]) -> None:
    """Print, of each kind of library, how confidence does that was fitted on the other kinds."""
    for kind in (*KINDS, KIND):
        others = [item for item in chosen if item.kind != kind]
        part = [item for item in chosen if item.kind == kind]
        if not others or not part:
            continue
        rest = {"weights": {}, "bias": 0.0}
        fit = {"ranking": rest, "offset": 0.0, "choice": rest, "threshold": 0.5, "data": ""}
        fitted = Fitted.from_config({"fit": {**fit, "confidence": fit_confidence(others)}})
        print(f"{kind}, fitted on the others: {describe_confidence(part, fitted)}")


def minimise(loss: Callable[[], Tensor], parameters: list[Tensor]) -> None:
    """Bring ``loss`` down by L-BFGS."""
    optimizer = torch.optim.LBFGS(parameters, max_iter=80, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    optimizer.step(closure)
    print(f"loss {loss().item():.4f}", [p.detach().numpy().round(3).tolist() for p in parameters])


def rounded(fit: Mapping[str, Any]) -> dict[str, Any]:
    """The same with every float to four digits."""
    return {
        key: rounded(value)
        if isinstance(value, dict)
        else round(value, 4)
        if isinstance(value, float)
        else value
        for key, value in fit.items()
    }


if __name__ == "__main__":
    main()
