"""Readings made by hand, and passages and weights to go with them."""

from index import Article, Hit, Passage
from qa.reader.calibration import Fitted
from qa.reader.model import Reading

TEXTS = (
    "Mushrooms like it damp. Nothing else is known of them.",
    "The war ended on August 12. Russia recognized South Ossetia on August 26, 2008. It was hot.",
    "South Ossetia has few roads.",
)

NONE = Reading(0, 3, "The", -2.0, 6.0, -6.0, -4.0)
CHOICE = {"rank": 1.0, "span": 0.5}
FIT = {
    "ranking": {"weights": {"retrieval": 1.0, "relevance": 0.1, "answers": 0.5}, "bias": 0.0},
    "offset": 0.0,
    "choice": {"weights": CHOICE, "bias": 0.0},
    "confidence": {"weights": {"span": 0.5}, "bias": 0.0},
    "threshold": 0.4,
    "data": "hand-made",
}

FITTED = Fitted.from_config({"fit": FIT})


def make_hits(scores: tuple[float, ...] = (0.8, 0.7, 0.4)) -> list[Hit]:
    hits = []
    for rank, (text, score) in enumerate(zip(TEXTS, scores, strict=True), start=1):
        article = Article(f"{rank}.txt", f"Title {rank}", f"Lead. {text}")
        hits.append(Hit(Passage(rank, article.id, 6, 6 + len(text), text), article, score, rank))
    return hits


def find(answer: str, text: str, span: float = 9.0) -> Reading:
    start = text.index(answer)
    return Reading(start, start + len(answer), answer, span, 0.0, 4.0, 4.0)


QUESTION = "When did Russia recognize South Ossetia?"
