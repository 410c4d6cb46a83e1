"""What each family of rules is worth, beside the trivial baseline and without each of its parts.

    python -m benchmarks.rules [--only FAMILY …] [--squad dev-v1.1.json] [--news corpus.jsonl.xz]
        [--pages DIR] [--parts] [--show] [--fires corpus.jsonl.xz] [--out FILE]

Families: times, years, boilerplate, agreement, names. The ``*_blind.jsonl`` files of ``tests/data``
were written before the rules were read; the others with them. SQuAD's questions have several human
answers, of which different ones should be taken for the same and those to other questions of the
paragraph not. ``--pages`` is a folder of ``files/GROUP/NAME.html`` and ``expect/``: pages saved as
text, lines and all, scored against the words of the article. ``--news`` counts on how many of the
first 1,000 pages a part changes anything. ``--parts`` takes out one part at a time; ``--show``
prints what is wrong. ``--fires`` says instead in how many of 3,000 pages each rule for time
expressions gives a date.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from benchmarks import rules_scores
from benchmarks.rules_baselines import (
    boilerplate_by_trafilatura,
    dates_by_dateparser,
    dates_written_whole,
    label_by_words,
    same_by_last_word,
    same_by_words,
    year_nearest,
)
from benchmarks.rules_data import (
    read,
    read_html,
    read_news,
    read_pages,
    read_squad,
    split_groups,
)
from benchmarks.rules_parts import FAMILIES, count_family, count_fires, taken_out
from benchmarks.rules_scores import (
    Completion,
    Dates,
    Labels,
    Lines,
    Same,
    Score,
    find_lines,
    label_pair,
    load_meaning,
    score_agreement,
    score_lines,
    score_names,
    score_pages,
    score_squad,
    score_times,
    score_years,
    token_f1,
)
from index import Article
from qa.agreement import names
from qa.dates import publication
from qa.dates.grammar import find

Rule = TypeVar("Rule")


@dataclass(frozen=True)
class Family(Generic[Rule]):
    """Today's rule, what is put in its place, and how either is scored on the family's sets.

    ``others`` are scores of what is no rule of this kind; ``watch`` is what the rule says of a real
    page, to tell whether a part ever matters.
    """

    rule: Rule
    score: Callable[[Rule], list[Score]]
    baselines: Mapping[str, Rule]
    others: Mapping[str, list[Score]] = field(default_factory=dict)
    watch: Callable[[Article], object] | None = None


def make_times(arguments: argparse.Namespace) -> Family[Dates]:
    """Reading dates in a text."""

    def score(dates: Dates) -> list[Score]:
        return [
            score_times(read("time_expressions_blind.jsonl"), "blind", dates),
            score_times(read("time_expressions.jsonl"), "written with the rules", dates),
        ]

    baselines = {
        "dates written whole": dates_written_whole,
        "dateparser.search": dates_by_dateparser,
    }
    return Family(find.find_dates, score, baselines, watch=watch_times)


def watch_times(article: Article) -> list[tuple[int, str]]:
    """The dates of a page of news."""
    return [(span.start, span.iso) for span in find.find_dates(article.text, "2022-06-15")]


def make_years(arguments: argparse.Namespace) -> Family[Completion]:
    """Completing the year of a publication date."""

    def score(complete: Completion) -> list[Score]:
        return [
            score_years(read("years_blind.jsonl"), "blind", complete),
            score_years(read("datelines.jsonl"), "written with the rules", complete),
        ]

    baselines: dict[str, Completion] = {
        "left open": lambda published, text, others: published,
        "nearest full date": year_nearest,
    }
    return Family(publication.complete_year, score, baselines)


def make_boilerplate(arguments: argparse.Namespace) -> Family[Lines]:
    """Telling the lines of a page from those of the article."""
    pages = read_pages(arguments.pages) if arguments.pages else []
    html = read_html(pages)
    others = {}
    if pages:
        found = Score("pages saved as text: token F1")
        for _, gold, data in pages:
            found.total += 1
            found.right += token_f1(boilerplate_by_trafilatura(data), gold)
        others["trafilatura, of the HTML"] = [found]

    def score(mark: Lines) -> list[Score]:
        scores = score_lines(read("boilerplate_blind.jsonl"), "blind", mark)
        if pages:
            scores.append(score_pages(pages, "pages saved as text", mark))
            scores.append(score_pages(html, "pages read as HTML", mark))
        return scores

    baselines: dict[str, Lines] = {"everything is text": lambda article: set()}
    return Family(find_lines, score, baselines, others, find_lines)


def make_agreement(arguments: argparse.Namespace) -> Family[Labels]:
    """Telling whether two statements give the same answer."""
    squad = read_squad(arguments.squad, 1500) if arguments.squad else None

    def score(label: Labels) -> list[Score]:
        own = split_groups(read("answer_groups.jsonl"))
        return [
            *score_agreement(read("agreement_blind.jsonl"), "blind", label),
            *score_agreement(own, "written with the rules", label),
            *(score_squad(*squad, label) if squad else ()),
        ]

    return Family(label_pair, score, {"equal words, no conflicts": label_by_words})


def make_names(arguments: argparse.Namespace) -> Family[Same]:
    """Telling whether two names are the same."""
    squad = read_squad(arguments.squad, 1500) if arguments.squad else None

    def score(same: Same) -> list[Score]:
        scores = score_names(read("names_blind.jsonl"), "blind", same)
        if squad:
            pairs = [
                pair | {"same": wanted}
                for wanted, pairs in zip((True, False), squad, strict=True)
                for pair in pairs
            ]
            scores += score_names(pairs, "SQuAD", same)
        return scores

    baselines = {"equal words": same_by_words, "the same last word": same_by_last_word}
    return Family(names.same_phrase, score, baselines)


MAKERS: dict[str, Callable[[argparse.Namespace], Family[Any]]] = {
    "times": make_times,
    "years": make_years,
    "boilerplate": make_boilerplate,
    "agreement": make_agreement,
    "names": make_names,
}


def weigh(name: str, arguments: argparse.Namespace) -> Iterator[str]:
    """The lines of a family's table, and of what it gets wrong."""
    family = MAKERS[name](arguments)
    rows: dict[str, tuple[object, list[Score]]] = {
        baseline: ("", family.score(rule)) for baseline, rule in family.baselines.items()
    }
    rows |= {other: ("", scores) for other, scores in family.others.items()}
    today = family.score(family.rule)
    rows["today's rules"] = (count_family(name), today)
    changed: dict[str, str] = {}
    watch = family.watch
    news = read_news(arguments.news) if arguments.news and watch else []
    usual = [watch(article) for article in news] if watch else []
    for part in FAMILIES[name] if arguments.parts else ():
        with taken_out(part):
            rows[f"without {part.name}"] = (part.lines(), family.score(family.rule))
            if watch and news:
                pairs = zip(usual, news, strict=True)
                different = sum(was != watch(article) for was, article in pairs)
                changed[f"without {part.name}"] = str(different)
    yield f"\n## {name}\n"
    yield from print_table(rows, changed)
    if arguments.show:
        for score in today:
            yield from (f"  {score.name}: {item}" for item in score.wrong)


def print_table(
    rows: dict[str, tuple[object, list[Score]]], changed: dict[str, str]
) -> Iterator[str]:
    """The lines of a Markdown table: a row for each rule, a column for each set."""
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


def tell_fires(articles: Sequence[Article]) -> Iterator[str]:
    """In how many pages each rule for time expressions gives a date, as a table."""
    yield f"\n## Rules for times that give a date, in {len(articles):,} news pages\n"
    yield "| rule | pages |\n|---|---|"
    for name, pages in count_fires([article.text for article in articles]).items():
        yield f"| {name} | {pages:,} |"


def main() -> None:
    """Print the tables of the families asked for, and write them where ``--out`` says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=list(FAMILIES), default=list(FAMILIES))
    for option in ("--squad", "--news", "--pages", "--fires", "--out"):
        parser.add_argument(option, type=Path)
    parser.add_argument("--encoder", action="store_true", help="ask the encoder of phrases too")
    for option in ("--parts", "--show"):
        parser.add_argument(option, action="store_true")
    arguments = parser.parse_args()
    if arguments.encoder:
        rules_scores.SIMILARITY = load_meaning()
    if arguments.fires:
        lines = list(tell_fires(read_news(arguments.fires, 3000, 8)))
    else:
        lines = [line for name in arguments.only for line in weigh(name, arguments)]
    print("\n".join(lines))
    if arguments.out:
        arguments.out.write_text("\n".join(lines).strip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
