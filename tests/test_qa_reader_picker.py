"""Ranking with the reader, choosing the answer, and how sure it is; with readings made by hand."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from readings import FIT, FITTED, NONE, QUESTION, TEXTS, find, make_hits

from index import Article, Hit, Library, Passage, PublicationDate
from index.settings import Settings
from qa.assistant import Assistant
from qa.reader.calibration import (
    Fitted,
    confidence_features,
)
from qa.reader.evidence import Evidence, Findings
from qa.reader.model import (
    Option,
    Reader,
    Reading,
)
from qa.reader.network import (
    FORMAT,
)
from qa.reader.picker import (
    FIRST_READ,
    SURE,
    ReaderPicker,
    choose,
    distinct_choices,
    find_candidates,
)
from qa.reader.protocol import Terms
from qa.reader.shared import load_shared_reader, make_reader


class FixedReader(Reader):
    """A stand-in that gives the readings it was made with, as many as passages are asked."""

    def __init__(self, readings: list[Reading]) -> None:
        self.readings = readings
        self.config = {"fit": FIT, "sha256": "0" * 64}

    def read(
        self, question: str | Sequence[str], passages: Sequence[str], titles: Sequence[str] = ()
    ) -> list[Reading]:
        return self.readings[: len(passages)]


class ReaderOfTexts(Reader):
    """A stand-in that gives each passage its own reading and keeps what it was asked to read."""

    def __init__(self, answers: dict[str, Reading]) -> None:
        self.answers = answers
        self.config = {"fit": FIT, "sha256": "0" * 64}
        self.read_texts: list[str] = []

    def read(
        self, question: str | Sequence[str], passages: Sequence[str], titles: Sequence[str] = ()
    ) -> list[Reading]:
        self.read_texts += passages
        return [self.answers.get(text, NONE) for text in passages]


def span_texts(found: Sequence[Evidence]) -> list[str]:
    return [item.span.text for item in found if item.span]


def make_many_hits(count: int) -> list[Hit]:
    hits = []
    for rank in range(1, count + 1):
        text = f"The ferry of line {rank} sails on May {rank}. Nothing else is known."
        article = Article(f"{rank}.txt", "", text)
        passage = Passage(rank, article.id, 0, len(text), text)
        hits.append(Hit(passage, article, 1.0 - rank / 100, rank))
    return hits


KEPT = Findings((), (), 0.25, 0.5)
TERMS = Terms(lambda hits: KEPT)


def test_the_answer_stands_in_its_sentence_in_article_offsets() -> None:
    picker = ReaderPicker(FixedReader([NONE, find("August 26, 2008", TEXTS[1]), NONE]))
    best = picker.find(QUESTION, make_hits(), TERMS).evidence[0]
    assert best.quote == "Russia recognized South Ossetia on August 26, 2008."
    assert best.span is not None
    assert best.hit.article.text[best.span.start : best.span.end] == "August 26, 2008"


def test_a_span_over_two_sentences_is_quoted_with_both() -> None:
    reading = find("August 12. Russia", TEXTS[1])
    best = ReaderPicker(FixedReader([NONE, reading])).find(QUESTION, make_hits()[:2], TERMS)
    assert best.evidence[0].quote.startswith("The war ended")
    assert best.evidence[0].quote.endswith("2008.")


def test_another_source_is_as_sure_as_it_would_be_alone_but_no_surer_than_the_best() -> None:
    confidence = {"weights": {"span": 0.5, "retrieval": 0.2}, "bias": 0.0}
    readings = [NONE, find("August 26, 2008", TEXTS[1], 3.0), find("few roads", TEXTS[2], 2.0)]
    reader = FixedReader(readings)
    reader.config["fit"] = FIT | {"confidence": confidence}
    hits = make_hits((0.3, 0.6, 0.1))
    found = ReaderPicker(reader).find("What is known of South Ossetia?", hits, TERMS)
    first, second = found.evidence[:2]
    assert [first.hit.article.id, second.hit.article.id] == ["2.txt", "3.txt"]
    assert second.score == pytest.approx(1 / (1 + math.exp(-0.5 * 2.0)))
    assert second.score < first.score


def test_two_articles_far_down_do_not_outvote_the_one_that_the_search_is_sure_of() -> None:
    texts = ("The bell was cast in Lyon.", "The bell was cast in Metz.", "Metz cast the bell then.")
    hits, readings = [], []
    for row, (text, belief) in enumerate(zip(texts, (0.8, 0.1, 0.1), strict=True)):
        article = Article(f"{row}.txt", "", text)
        hits.append(Hit(Passage(row, article.id, 0, len(text), text), article, belief, row + 1))
        readings.append(find("Metz" if row else "Lyon", text, 2.8 if row else 3.0))
    weights = {"span": 0.5, "retrieval": 2.0}
    reader = FixedReader(readings)
    reader.config["fit"] = FIT | {"confidence": {"weights": weights, "bias": 0.0}}
    found = ReaderPicker(reader).find("Where was the bell cast?", hits, TERMS)
    assert span_texts(found.evidence)[0] == "Lyon"
    assert found.confidence == pytest.approx(1 / (1 + math.exp(-1.5)))
    assert 1 - (1 - found.evidence[1].score) ** 2 > found.confidence


def test_confidence_falls_when_no_passage_answers() -> None:
    sure = ReaderPicker(FixedReader([NONE, find("August 26, 2008", TEXTS[1]), NONE]))
    unsure = ReaderPicker(FixedReader([NONE, NONE, NONE]))
    high = sure.find(QUESTION, make_hits(), TERMS)
    low = unsure.find(QUESTION, make_hits(), TERMS)
    assert high.confidence > high.threshold > low.confidence


def test_no_hits_give_no_evidence() -> None:
    findings = ReaderPicker(FixedReader([])).find(QUESTION, [], TERMS)
    assert findings.evidence == ()
    assert findings.confidence == 0.0


def test_passages_without_words_give_no_evidence() -> None:
    empty = Reading(0, 0, "", -1e4, 5.0, -5.0, -5.0)
    findings = ReaderPicker(FixedReader([empty] * 3)).find(QUESTION, make_hits(), TERMS)
    assert findings.evidence == ()
    assert len(findings.hits) == 3


def test_an_answer_in_a_sentence_that_speaks_of_the_question_goes_first() -> None:
    text, question = TEXTS[1], "What made Russia recognize South Ossetia?"
    wrong, right = (text.index(words) for words in ("August 12", "August 26, 2008"))
    other = Option(right, right + 15, "August 26, 2008", 5.0)
    reading = Reading(wrong, wrong + 9, "August 12", 6.0, 0.0, 4.0, 4.0, (other,))
    plain = ReaderPicker(FixedReader([NONE, reading]))
    first = plain.find(question, make_hits()[:2], TERMS)
    assert span_texts(first.evidence)[0] == "August 12"
    choice = {**FITTED.choice.weights, "sentence_matter": 6.0}
    reader = FixedReader([NONE, reading])
    reader.config["fit"] = FIT | {"choice": {"weights": choice, "bias": 0.0}}
    found = ReaderPicker(reader).find(question, make_hits()[:2], TERMS)
    assert span_texts(found.evidence)[0] == "August 26, 2008"


def test_the_answer_is_of_the_passage_ranked_first_where_another_reads_as_well() -> None:
    first, other = find("August 12", TEXTS[1], 3.0), find("few roads", TEXTS[2], 4.0)
    sure = replace(first, answerable=6.0)
    found = ReaderPicker(FixedReader([NONE, sure, other])).find("What ended?", make_hits(), TERMS)
    assert found.hits[0].article.id == found.evidence[0].hit.article.id == "2.txt"
    assert span_texts(found.evidence)[:2] == ["August 12", "few roads"]


def test_the_same_words_count_once() -> None:
    assert distinct_choices([("in Moscow", 3.0), ("Moscow", 2.5), ("Kiev", 1.0)]) == [3.0, 1.0]


def test_what_was_fitted_anew_has_a_threshold_of_its_own() -> None:
    reader = FixedReader([])
    before = ReaderPicker(reader).calibration
    reader.config["fit"] = FIT | {"threshold": 0.7}
    after = ReaderPicker(reader).calibration
    assert (before.threshold, after.threshold) == (0.4, 0.7)
    assert before.reader != after.reader


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(
        tmp_path / "library", settings=Settings(encoder="test", system="hybrid+reader"), create=True
    ) as opened:
        opened.add([Article(f"{n}.txt", "", text) for n, text in enumerate(TEXTS)])
        yield opened


def test_the_library_keeps_the_threshold_with_what_it_was_fitted_on(library: Library) -> None:
    question = "When did Russia recognize South Ossetia?"
    first = Assistant(library).ask(question)
    noted = library.get_value("reader_threshold")
    assert noted == asdict(vars(make_reader(1))["calibration"])
    always = 0.0 if first.status == "not_found" else 1.0
    library.set_value("reader_threshold", {**noted, "threshold": always})
    assert Assistant(library).ask(question).status != first.status
    library.set_value("reader_threshold", {**noted, "reader": "another", "threshold": always})
    assert Assistant(library).ask(question).status == first.status
    assert library.get_value("reader_threshold") == noted


def test_sources_that_differ_stand_side_by_side() -> None:
    texts = ("The sinking killed 57 people, divers said.", "A ferry sank, killing 42 people.")
    hits = [
        replace(hit, passage=replace(hit.passage, end=6 + len(text), text=text))
        for hit, text in zip(make_hits()[:2], texts, strict=True)
    ]
    surely, unsurely = find("57", texts[0], 9.0), find("42", texts[1], 5.0)
    question = "How many people did the sinking of the ferry kill?"
    found = ReaderPicker(FixedReader([surely, unsurely])).find(question, hits, TERMS).evidence
    assert span_texts(found) == ["57", "42"]
    assert found[0].score == pytest.approx(1 / (1 + math.exp(-4.5)))
    assert found[1].score == pytest.approx(1 / (1 + math.exp(-2.5)))
    nothing = replace(unsurely, no_answer_score=9.0)
    found = ReaderPicker(FixedReader([surely, nothing])).find(question, hits, TERMS).evidence
    assert found[1].score < 0.2, "an article that would not answer alone is no other side"


def test_a_long_question_is_read() -> None:
    readings = [NONE, find("August 26, 2008", TEXTS[1]), NONE]
    long = f"When did Russia, {'as many say, ' * 8} recognize South Ossetia?"
    found = ReaderPicker(FixedReader(readings)).find(long, make_hits(), TERMS)
    assert span_texts(found.evidence)[0] == "August 26, 2008"


def test_confidence_knows_where_the_answer_stands_among_the_passages() -> None:
    hits = [replace(hit, signals={"retrieval": hit.score}) for hit in make_hits((0.8, 0.2, 0.1))]
    first, second = (confidence_features(hits, hit, {}, [1.0, 0.2]) for hit in hits[:2])
    assert (first["retrieval"], second["retrieval"]) == pytest.approx((0.0, -math.log(4)))
    assert first["margin"] == pytest.approx(0.8)


def test_a_date_whose_sentence_says_nothing_of_the_event_gives_way() -> None:
    texts = (
        "Russia and South Ossetia opened a free trade zone in December 2013.",
        "Russia recognized South Ossetia on August 26, 2008.",
    )
    hits = make_hits()
    hits = [
        replace(hit, passage=replace(hit.passage, end=6 + len(text), text=text))
        for hit, text in zip(hits[:2], texts, strict=True)
    ]
    readings = [find("December 2013", texts[0], 12.0), find("August 26, 2008", texts[1], 3.0)]
    fit = {**FIT, "choice": {"weights": {"span": 1.0}, "bias": 0.0}}
    fitted = Fitted.from_config({"fit": fit})
    for question, expected in (
        ("When did Russia recognize South Ossetia?", "August 26, 2008"),
        ("What did Russia recognize in South Ossetia?", "December 2013"),
        ("When did Russia and South Ossetia trade?", "December 2013"),
    ):
        ranked = list(zip(hits, readings, strict=True))
        ranked = [(replace(hit, signals={"retrieval": hit.score}), r) for hit, r in ranked]
        candidates = find_candidates(question, ranked)
        order, _ = choose(question, candidates, fitted)
        assert candidates[order[0]].option.text == expected, question
        assert ("December 2013" in [candidates[row].option.text for row in order]) is (
            expected == "December 2013"
        )


@pytest.mark.parametrize("fault", ["missing", "truncated", "other version"])
def test_without_its_reader_dateline_answers_by_sentence_and_says_so(
    fault: str, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    if fault != "missing":
        config = {"format": FORMAT if fault == "truncated" else 99, "sha256": "0" * 64}
        (folder / "config.json").write_text(json.dumps(config), "utf-8")
        (folder / "reader.safetensors").write_bytes(b"cut off")
    monkeypatch.setattr("qa.reader.model.MODEL_PATH", folder)
    load_shared_reader.cache_clear()
    answer = Assistant(library).ask(QUESTION, min_confidence=0.0)
    assert answer.status == "answered"
    assert answer.citations[0].quote == "Russia recognized South Ossetia on August 26, 2008."
    assert any("best-matching sentence" in note for note in answer.notes)


def test_a_system_without_reader_says_nothing_of_one(library: Library) -> None:
    answer = Assistant(library).ask(QUESTION, system="hybrid", min_confidence=0.0)
    assert answer.notes == ()


WHICH = "Which ferry sails?"
WORTHY = 19
"""The last of ``make_many_hits`` has less than a twentieth of the retrieval's belief."""


def count_read(question: str, **options: Any) -> int:
    """How many of twenty passages are read when the second answers as surely as any."""
    hits = make_many_hits(20)
    second = hits[1].passage.text
    reader = ReaderOfTexts({second: find("line 2", second, span=9.0)})
    found = ReaderPicker(reader).find(question, hits, replace(TERMS, **options))
    assert span_texts(found.evidence)[0] == "line 2"
    assert SURE <= found.confidence < 0.999
    assert len(found.hits) == 20
    assert reader.read_texts == [hit.passage.text for hit in hits[: len(reader.read_texts)]]
    return len(reader.read_texts)


def test_once_the_first_passages_answer_surely_the_rest_is_not_read() -> None:
    assert count_read(WHICH) == FIRST_READ


@pytest.mark.parametrize(
    ("options", "read"),
    [({"sure": 0.999}, WORTHY), ({"sure": 1.0}, 20), ({"threshold": 0.999}, WORTHY)],
)
def test_how_sure_is_surely_can_be_raised(options: dict[str, float], read: int) -> None:
    assert count_read(WHICH, **options) == read


def test_no_wish_makes_less_than_that_sure() -> None:
    hits = make_many_hits(20)
    second = hits[1].passage.text
    reader = ReaderOfTexts({second: find("line 2", second, span=-1.0)})
    found = ReaderPicker(reader).find(WHICH, hits, replace(TERMS, sure=0.1, threshold=0.1))
    assert found.confidence < SURE
    assert len(reader.read_texts) == WORTHY


@pytest.mark.parametrize(("believed", "read"), [(0.9, FIRST_READ), (0.79, 17)])
def test_what_the_retrieval_hardly_believes_in_is_not_read(believed: float, read: int) -> None:
    hits = [
        replace(
            hit,
            score=believed / FIRST_READ if row < FIRST_READ else (1 - believed) / (20 - FIRST_READ),
        )
        for row, hit in enumerate(make_many_hits(20))
    ]
    reader = ReaderOfTexts({})
    found = ReaderPicker(reader).find(WHICH, hits, TERMS)
    assert len(reader.read_texts) == read
    assert len(found.hits) == 20
    wanting = ReaderOfTexts({})
    ReaderPicker(wanting).find(WHICH, hits, replace(TERMS, sure=1.0))
    assert len(wanting.read_texts) == 20


def test_for_a_date_all_are_read_since_articles_are_joined() -> None:
    assert count_read("When does the ferry sail?") == 20


def test_an_answer_far_down_is_found_when_the_first_passages_are_not_sure() -> None:
    hits = make_many_hits(20)
    second, last = hits[1].passage.text, hits[18].passage.text
    unsure = replace(find("line 2", second, span=-1.0), answerable=-3.0, relevance=-3.0)
    reader = ReaderOfTexts({second: unsure, last: find("line 19", last, span=9.0)})
    found = ReaderPicker(reader).find(WHICH, hits, TERMS)
    assert reader.read_texts == [hit.passage.text for hit in hits[:WORTHY]]
    assert span_texts(found.evidence)[0] == "line 19"


def test_no_more_is_read_than_was_asked_for() -> None:
    hits = make_many_hits(20)
    reader = ReaderOfTexts({})
    ReaderPicker(reader).find(WHICH, hits, replace(TERMS, most=10))
    assert reader.read_texts == [hit.passage.text for hit in hits[:10]]
    few = ReaderOfTexts({})
    ReaderPicker(few).find(WHICH, hits, replace(TERMS, most=3))
    assert few.read_texts == [hit.passage.text for hit in hits[:3]]


def test_the_day_of_the_dateline_gives_way_to_another_date_of_its_sentence() -> None:
    text = "SARNE, March 1, 2010 (AP) - The election in Sarne was postponed until April 25."
    article = Article("1.txt", "", text, published=PublicationDate("2010-03-01", "day", "dateline"))
    hit = Hit(Passage(1, article.id, 0, len(text), text), article, 1.0, 1, {"retrieval": 1.0})
    at = text.index("April 25")
    option = Option(at, at + 8, "April 25", 3.0)
    fit = {**FIT, "choice": {"weights": {"span": 1.0}, "bias": 0.0}}
    for others, expected in (((option,), "April 25"), ((), "March 1, 2010")):
        reading = replace(find("March 1, 2010", text, 12.0), others=others)
        candidates = find_candidates("When is the election in Sarne?", [(hit, reading)])
        order, _ = choose(
            "When is the election in Sarne?", candidates, Fitted.from_config({"fit": fit})
        )
        assert candidates[order[0]].option.text == expected
