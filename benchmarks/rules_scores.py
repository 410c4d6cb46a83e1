"""How the rules of each family are scored on a set."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.rules_data import Example, Page
from index import Article, PublicationDate
from index.pages import boilerplate
from index.pages.provenance import find_provenance
from qa.agreement import Statement, grouping
from qa.agreement.meaning import Meaning


class Stretch(Protocol):
    """Some text that is taken for a date."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def text(self) -> str:
        """Its words."""

    @property
    def iso(self) -> str:
        """The date."""


Dates = Callable[[str, str | None], Sequence[Stretch]]
Completion = Callable[[PublicationDate | None, str, Sequence[Article]], PublicationDate | None]
Lines = Callable[[Article], set[tuple[int, int]]]
Labels = Callable[[str, Sequence[Statement]], str]
Same = Callable[[str, str], bool]

SIMILARITY: Callable[[Sequence[Statement]], Meaning] | None = None
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")


@dataclass
class Score:
    """How many of how many are right, what was wrong besides, and which."""

    name: str
    right: float = 0
    total: float = 0
    extra: float = 0
    wrong: list[str] = field(default_factory=list)

    def spell(self) -> str:
        """The score as a cell of the table."""
        if self.name.endswith("F1"):
            return f"{self.right / (self.total or 1):.3f}"
        extra = f", {self.extra:g} too many" if self.extra else ""
        return f"{self.right:g} of {self.total:g}{extra}"


def score_times(examples: Iterable[Example], name: str, dates: Dates) -> Score:
    """Expressions read exactly as the gold or another reading of it, and what is no date."""
    score = Score(name)
    for example in examples:
        found, used = dates(example["text"], example["published"]), set[int]()
        for gold in example["expected"]:
            places = [
                place
                for place, span in enumerate(found)
                if span.start < gold["end"] and gold["start"] < span.end
            ]
            given = found[places[0]].iso if places else "none"
            right = given in (gold["iso"], *gold.get("also", ()))
            if gold["iso"] is None:
                # It may be marked or not; only a wrong reading counts.
                used.update(places if right else ())
                continue
            used.update(places)
            score.total += 1
            score.right += right
            if not right:
                score.wrong += [f"{example['id']} “{gold['text']}”: {gold['iso']}, not {given}"]
        extra = [span for place, span in enumerate(found) if place not in used]
        score.extra += len(extra)
        score.wrong += [f"{example['id']} “{span.text}” is no {span.iso}" for span in extra]
    return score


def score_years(examples: Iterable[Example], name: str, complete: Completion) -> Score:
    """Publication dates completed as they should be, or left open; extra: a wrong year."""
    score = Score(name)
    for example in examples:
        others = [
            Article(id=f"other-{number}", title="", text=text)
            for number, text in enumerate(example.get("others", ()), start=1)
        ]
        gold = example["iso"] if "iso" in example else (example["published"] or {}).get("iso")
        read = find_provenance(example["text"]).published
        found = complete(read, example["text"], others)
        given = found.iso if found else None
        score.total += 1
        score.right += given == gold
        score.extra += given != gold and bool(given) and not str(given).startswith("--")
        if given != gold:
            score.wrong += [f"{example['id']}: {gold}, not {given}"]
    return score


def find_lines(article: Article) -> set[tuple[int, int]]:
    """Where today's rules find boilerplate."""
    return {(item.start, item.end) for item in boilerplate.find_boilerplate(article)}


def score_lines(examples: Iterable[Example], name: str, mark: Lines) -> list[Score]:
    """Lines of the page that are left out, and lines of the story that are kept."""
    left_out = Score(f"{name}: boilerplate left out")
    kept = Score(f"{name}: story kept")
    for example in examples:
        text, spans = "", []
        for kind, line in example["lines"]:
            spans.append((kind, len(text), len(text) + len(line)))
            text += line + "\n"
        marked = mark(Article(id=example["id"], title=example["title"], text=text))
        for kind, start, end in spans:
            score = {"boilerplate": left_out, "text": kept}.get(kind)
            if score:
                right = ((start, end) in marked) == (kind == "boilerplate")
                score.total += 1
                score.right += right
                score.wrong += [] if right else [f"{example['id']}: {text[start:end]}"]
    return [left_out, kept]


def token_f1(found: str, gold: str) -> float:
    """How much of two texts is the same words, whatever their order."""
    mine, theirs = (Counter(_TOKEN.findall(text.casefold())) for text in (found, gold))
    shared = (mine & theirs).total()
    return 2 * shared / ((mine.total() + theirs.total()) or 1)


def score_pages(pages: Iterable[Page], name: str, mark: Lines) -> Score:
    """What is left of each page beside the text of its article."""
    score = Score(f"{name}: token F1")
    for article, gold, _ in pages:
        kept, cursor = [], 0
        for start, end in sorted(mark(article)):
            kept.append(article.text[cursor:start])
            cursor = end
        score.total += 1
        score.right += token_f1("\n".join([*kept, article.text[cursor:]]), gold)
    return score


def label_pair(question: str, statements: Sequence[Statement]) -> str:
    """What today's rules say of two statements: same, differ or conflict."""
    groups = grouping.group_answers(question, statements, SIMILARITY and SIMILARITY(statements))
    if len(groups) == 1:
        return "same"
    return "conflict" if any(group.conflicts_with for group in groups) else "differ"


def load_meaning() -> Callable[[Sequence[Statement]], Meaning]:
    """What asks the encoder last, as an answer does."""
    from index.encoding.encoders import default_encoder

    encode = default_encoder().encode_passages
    return lambda statements: Meaning([item.answer for item in statements], encode)


def score_agreement(examples: Iterable[Example], name: str, label: Labels) -> list[Score]:
    """Pairs of statements told as they should be, and those that are not wrongly made one."""
    score, merged = Score(name), Score(f"{name}: not wrongly made one")
    for example in examples:
        given = label(example["question"], [Statement(**item) for item in example["statements"]])
        score.total += 1
        score.right += given == example["gold"]
        if example["gold"] != "same":
            merged.total += 1
            merged.right += given != "same"
        if given != example["gold"]:
            answers = " | ".join(item["answer"] for item in example["statements"])
            score.wrong += [f"{example['id']} {answers}: {example['gold']}, not {given}"]
    return [score, merged]


def score_squad(same: Sequence[Example], other: Sequence[Example], label: Labels) -> list[Score]:
    """Answers of several people taken for the same, and those to two questions not."""
    scores = []
    for name, pairs, wanted in (("same", same, True), ("other", other, False)):
        score = Score(f"SQuAD, {name}")
        for pair in pairs:
            statements = [
                Statement(text=pair[key], answer=pair[key], source=key) for key in ("one", "other")
            ]
            score.total += 1
            score.right += (label(pair["question"], statements) == "same") == wanted
        scores.append(score)
    return scores


def score_names(examples: Iterable[Example], name: str, same: Same) -> list[Score]:
    """Names taken for the same that are, and others not."""
    one, other = Score(f"{name}: the same"), Score(f"{name}: others")
    for example in examples:
        score = one if example["same"] else other
        right = same(example["one"], example["other"]) == example["same"]
        score.total += 1
        score.right += right
        score.wrong += [] if right else [f"{example['one']} | {example['other']}"]
    return [one, other]
