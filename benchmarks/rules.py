"""What each family of rules is worth, beside the trivial baseline and without each of its parts.

    python benchmarks/rules.py [--only FAMILY …] [--squad dev-v1.1.json] [--news corpus.jsonl.xz]
        [--pages DIR] [--parts] [--show] [--out FILE]

Families: times, years, boilerplate, agreement, names. The ``*_blind.jsonl`` files of ``tests/data``
were written before the rules were read; the others with them. SQuAD's questions have several human
answers, of which different ones should be taken for the same and those to other questions of the
paragraph not. ``--pages`` is a folder of ``files/GROUP/NAME.html`` and ``expect/``: pages saved as
text, lines and all, scored against the words of the article. ``--news`` counts on how many of the
first 1,000 pages a part changes anything. ``--parts`` takes out one part at a time; ``--show``
prints what is wrong.
"""

import argparse
import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from rules_baselines import (
    boilerplate_by_trafilatura,
    dates_by_dateparser,
    dates_written_whole,
    label_by_words,
    page_as_text,
    same_by_last_word,
    same_by_words,
    year_nearest,
)
from rules_parts import FAMILIES, Part, count_family, taken_out

from index import Article, PublicationDate
from index.pages import boilerplate
from index.pages.provenance import find_provenance
from qa.agreement import Statement, grouping, names
from qa.dates import publication
from qa.dates.grammar import find

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
Example = dict[str, Any]


@dataclass
class Score:
    """How many of how many are right, what was wrong besides, and which."""

    name: str
    right: float = 0
    total: float = 0
    extra: float = 0
    wrong: list[str] | None = None

    def spell(self) -> str:
        if self.name.endswith("F1"):
            return f"{self.right / (self.total or 1):.3f}"
        extra = f", {self.extra:g} too many" if self.extra else ""
        return f"{self.right:g} of {self.total:g}{extra}"


def read(name: str) -> list[Example]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


Dates = Callable[[str, str | None], Sequence[Any]]


def score_times(examples: Iterable[Example], name: str, dates: Dates) -> Score:
    """Expressions read exactly as the gold or another reading of it, and what is no date."""
    score = Score(name, wrong=[])
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


Completion = Callable[[PublicationDate | None, str, Sequence[Article]], PublicationDate | None]


def score_years(examples: Iterable[Example], name: str, complete: Completion) -> Score:
    """Publication dates completed as they should be, or left open; extra: a wrong year."""
    score = Score(name, wrong=[])
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


Lines = Callable[[Article], set[tuple[int, int]]]


def find_lines(article: Article) -> set[tuple[int, int]]:
    return {(item.start, item.end) for item in boilerplate.find_boilerplate(article)}


def score_lines(examples: Iterable[Example], name: str, mark: Lines) -> list[Score]:
    """Lines of the page that are left out, and lines of the story that are kept."""
    left_out = Score(f"{name}: boilerplate left out", wrong=[])
    kept = Score(f"{name}: story kept", wrong=[])
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


_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")


def token_f1(found: str, gold: str) -> float:
    mine, theirs = (Counter(_TOKEN.findall(text.casefold())) for text in (found, gold))
    shared = (mine & theirs).total()
    return 2 * shared / ((mine.total() + theirs.total()) or 1)


Page = tuple[Article, str, bytes]


def read_pages(folder: Path) -> list[Page]:
    """Pages as their text, line by line, with the article's own text and the HTML."""
    pages = list[Page]()
    for expected in sorted(folder.glob("expect/*/*.json")):
        known = json.loads(expected.read_text(encoding="utf-8"))
        gold = known.get("text") or (page_as_text(known["html"]) if known.get("html") else "")
        file = folder / "files" / expected.parent.name / expected.stem
        if gold and file.exists():
            data = file.read_bytes()
            text = page_as_text(data)
            title = known.get("title") or ""
            pages.append((Article(id=file.name, title=title, text=text), gold, data))
    return pages


def read_html(pages: Sequence[Page]) -> list[Page]:
    """The same pages as ``dateline add`` reads them: the text that trafilatura takes out."""
    from index.articles.documents import make_article
    from index.articles.formats import read_html as read_page
    from index.errors import ArticleError

    found = list[Page]()
    for article, gold, data in pages:
        try:
            document = read_page(data, article.id)
        except ArticleError:
            continue
        found.append((make_article(document, article_id=article.id, location=""), gold, data))
    return found


def score_pages(pages: Iterable[Page], name: str, mark: Lines) -> Score:
    score = Score(f"{name}: token F1")
    for article, gold, _ in pages:
        kept, cursor = [], 0
        for start, end in sorted(mark(article)):
            kept.append(article.text[cursor:start])
            cursor = end
        score.total += 1
        score.right += token_f1("\n".join([*kept, article.text[cursor:]]), gold)
    return score


Labels = Callable[[str, Sequence[Statement]], str]


def label_pair(question: str, statements: Sequence[Statement]) -> str:
    groups = grouping.group_answers(question, statements, SIMILARITY and SIMILARITY(statements))
    if len(groups) == 1:
        return "same"
    return "conflict" if any(group.conflicts_with for group in groups) else "differ"


SIMILARITY: Callable[[Sequence[Statement]], Any] | None = None


def load_meaning() -> Callable[[Sequence[Statement]], Any]:
    """What asks the encoder last, as an answer does."""
    from index.encoding.encoders import default_encoder
    from qa.agreement.meaning import Meaning

    encode = default_encoder().encode_passages
    return lambda statements: Meaning([item.answer for item in statements], encode)


def score_agreement(examples: Iterable[Example], name: str, label: Labels) -> list[Score]:
    score, merged = Score(name, wrong=[]), Score(f"{name}: not wrongly made one")
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


def split_groups(examples: Iterable[Example]) -> Iterator[Example]:
    """The pairs within the groups of answers that were written with the rules."""
    for example in examples:
        group_of = {place: n for n, group in enumerate(example["groups"]) for place in group}
        for one in range(len(example["statements"])):
            for other in range(one):
                mine, theirs = group_of[other], group_of[one]
                pair = sorted((mine, theirs))
                against = [sorted(conflict) for conflict in example["conflicts"]]
                gold = "same" if mine == theirs else "conflict" if pair in against else "differ"
                yield {
                    "id": example["id"],
                    "question": example["question"],
                    "statements": [example["statements"][other], example["statements"][one]],
                    "gold": gold,
                }


def read_squad(file: Path, count: int) -> tuple[list[Example], list[Example]]:
    """Pairs of human answers to one question, and of answers to two questions of a paragraph."""
    same, other, chance = list[Example](), list[Example](), random.Random(0)
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            asked = [
                (qa["question"], [item["text"] for item in qa["answers"]])
                for qa in paragraph["qas"]
            ]
            for question, given in asked:
                plain = {" ".join(names.normalise_words(text)): text for text in given}
                if len(plain) > 1:
                    same.append(make_pair(question, *chance.sample(sorted(plain.values()), 2)))
            for _ in range(3):
                (question, one), (_, two) = (chance.choice(asked), chance.choice(asked))
                if not {text.lower() for text in one} & {text.lower() for text in two}:
                    other.append(make_pair(question, chance.choice(one), chance.choice(two)))
    return chance.sample(same, count), chance.sample(other, count)


def make_pair(question: str, one: str, two: str) -> Example:
    return {"question": question, "one": one, "other": two}


def score_squad(same: Sequence[Example], other: Sequence[Example], label: Labels) -> list[Score]:
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


def score_names(
    examples: Iterable[Example], name: str, same: Callable[[str, str], bool]
) -> list[Score]:
    one, other = Score(f"{name}: the same", wrong=[]), Score(f"{name}: others", wrong=[])
    for example in examples:
        score = one if example["same"] else other
        right = same(example["one"], example["other"]) == example["same"]
        score.total += 1
        score.right += right
        score.wrong += [] if right else [f"{example['one']} | {example['other']}"]
    return [one, other]


def read_news(file: Path, count: int = 1000) -> list[Article]:
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, 0, count * 20, 20)]
    return [Article(id=row["_id"], title=row["title"], text=row["text"][:6000]) for row in rows]


def watch_times(articles: Sequence[Article]) -> list[object]:
    return [
        [(span.start, span.iso) for span in find.find_dates(article.text, "2022-06-15")]
        for article in articles
    ]


def watch_lines(articles: Sequence[Article]) -> list[object]:
    return [find_lines(article) for article in articles]


class Family:
    """The sets of one family: how it is scored as it is, and how by its baselines."""

    def __init__(self, name: str, arguments: argparse.Namespace) -> None:
        self.name = name
        self.arguments = arguments
        if name == "boilerplate" and arguments.pages:
            self.pages = read_pages(arguments.pages)
            self.html = read_html(self.pages)
        if name in ("agreement", "names") and arguments.squad:
            self.squad = read_squad(arguments.squad, 1500)
        self.news = read_news(arguments.news) if arguments.news else []

    def score(self, with_dates: object = None, **others: object) -> list[Score]:
        """The scores of today's rules, or of what is put in their place."""
        if self.name == "times":
            dates = with_dates or find.find_dates
            own = read("time_expressions.jsonl")
            return [
                score_times(read("time_expressions_blind.jsonl"), "blind", dates),
                score_times(own, "written with the rules", dates),
            ]
        if self.name == "years":
            complete = others.get("complete") or publication.complete_year
            return [
                score_years(read("years_blind.jsonl"), "blind", complete),
                score_years(read("datelines.jsonl"), "written with the rules", complete),
            ]
        if self.name == "boilerplate":
            mark = others.get("mark") or find_lines
            scores = score_lines(read("boilerplate_blind.jsonl"), "blind", mark)
            if self.arguments.pages:
                scores.append(score_pages(self.pages, "pages saved as text", mark))
                scores.append(score_pages(self.html, "pages read as HTML", mark))
            return scores
        if self.name == "agreement":
            label = others.get("label") or label_pair
            scores = score_agreement(read("agreement_blind.jsonl"), "blind", label)
            own = split_groups(read("answer_groups.jsonl"))
            scores += score_agreement(own, "written with the rules", label)
            return scores + (score_squad(*self.squad, label) if self.arguments.squad else [])
        same = others.get("same") or names.same_phrase
        scores = score_names(read("names_blind.jsonl"), "blind", same)
        if self.arguments.squad:
            pairs = [
                pair | {"same": wanted}
                for wanted, pairs in zip((True, False), self.squad, strict=True)
                for pair in pairs
            ]
            scores += score_names(pairs, "SQuAD", same)
        return scores

    def score_baselines(self) -> dict[str, list[Score]]:
        if self.name == "times":
            return {
                "dates written whole": self.score(dates_written_whole),
                "dateparser.search": self.score(dates_by_dateparser),
            }
        if self.name == "years":
            return {
                "left open": self.score(complete=lambda published, text, others: published),
                "nearest full date": self.score(complete=year_nearest),
            }
        if self.name == "boilerplate":
            found = {"everything is text": self.score(mark=lambda article: set())}
            if self.arguments.pages:
                score = Score("pages saved as text: token F1")
                for _, gold, data in self.pages:
                    score.total += 1
                    score.right += token_f1(boilerplate_by_trafilatura(data), gold)
                found["trafilatura, of the HTML"] = [score]
            return found
        if self.name == "agreement":
            return {"equal words, no conflicts": self.score(label=label_by_words)}
        return {
            "equal words": self.score(same=same_by_words),
            "the same last word": self.score(same=same_by_last_word),
        }

    def watch(self) -> list[object]:
        """What the rules say of real pages, to tell whether a part ever matters."""
        if self.name == "times":
            return watch_times(self.news)
        return watch_lines(self.news) if self.name == "boilerplate" else []


def print_table(
    rows: dict[str, tuple[object, list[Score]]], changed: dict[str, str]
) -> Iterator[str]:
    heads = list(dict.fromkeys(score.name for _, scores in rows.values() for score in scores))
    news = ["news pages changed"] if changed else []
    yield "| | lines | " + " | ".join([*heads, *news]) + " |"
    yield "|---" * (len(heads) + 2 + len(news)) + "|"
    for name, (lines, scores) in rows.items():
        cells = {score.name: score.spell() for score in scores}
        tail = [changed.get(name, "")] if changed else []
        yield (
            f"| {name} | {lines} | "
            + " | ".join([*(cells.get(h, "") for h in heads), *tail])
            + " |"
        )


def weigh(name: str, arguments: argparse.Namespace) -> Iterator[str]:
    family = Family(name, arguments)
    rows: dict[str, tuple[object, list[Score]]] = {
        baseline: ("", scores) for baseline, scores in family.score_baselines().items()
    }
    today = family.score()
    rows["today's rules"] = (count_family(name), today)
    changed: dict[str, str] = {}
    usual = family.watch()
    for part in FAMILIES[name] if arguments.parts else ():
        with taken_out(part):
            rows[f"without {part.name}"] = (part.lines(), family.score())
            if usual:
                different = sum(a != b for a, b in zip(usual, family.watch(), strict=True))
                changed[f"without {part.name}"] = str(different)
    yield f"\n## {name}\n"
    yield from print_table(rows, changed)
    if arguments.show:
        for score in today:
            yield from (f"  {score.name}: {item}" for item in score.wrong or ())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=list(FAMILIES), default=list(FAMILIES))
    for option in ("--squad", "--news", "--pages", "--out"):
        parser.add_argument(option, type=Path)
    parser.add_argument("--encoder", action="store_true", help="ask the encoder of phrases too")
    for option in ("--parts", "--show"):
        parser.add_argument(option, action="store_true")
    arguments = parser.parse_args()
    if arguments.encoder:
        global SIMILARITY
        SIMILARITY = load_meaning()
    lines = [line for name in arguments.only for line in weigh(name, arguments)]
    print("\n".join(lines))
    if arguments.out:
        arguments.out.write_text("\n".join(lines).strip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

__all__ = ["Part"]
