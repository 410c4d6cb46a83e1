"""The sets that rules are scored on, as examples."""

import json
import lzma
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.rules_baselines import page_as_text
from index import Article
from qa.agreement import names

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
Example = dict[str, Any]
Page = tuple[Article, str, bytes]


def read(name: str) -> list[Example]:
    """The examples of a file of ``tests/data``."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


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
    """Two answers to compare."""
    return {"question": question, "one": one, "other": two}


def read_news(file: Path, count: int = 1000, step: int = 20) -> list[Article]:
    """So many pages of the news corpus, every twentieth."""
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, 0, count * step, step)]
    return [Article(id=row["_id"], title=row["title"], text=row["text"][:6000]) for row in rows]
