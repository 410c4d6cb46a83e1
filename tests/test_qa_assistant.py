"""From findings to answers: dates joined, sources grouped, restrictions said, quotes exact."""

from dataclasses import replace
from pathlib import Path

import pytest

from index import Article, Filters, Hit, Library, Passage, PublicationDate, QuestionError
from index.settings import Settings
from qa import Citation, Span
from qa.answering.as_of import restrict_by_question
from qa.answering.composing import compose_answer, make_citations
from qa.answering.consensus import describe_conflict, group_citations
from qa.answering.found import Stopwatch
from qa.answering.when import date_answer
from qa.assistant import Assistant
from qa.followups import remember_turn
from qa.reader.evidence import Evidence, Findings, asks_nothing, holds_kind
from qa.types import Asked

CANAL = "The canal between the two lakes was opened on 4 May by the queen."
YEAR = "Trade grew fast after the canal between the lakes was opened in May 1932."
OTHER = "The canal between the two lakes was closed for repairs in 1951."


def make_hit(name: str, text: str, rank: int = 1, published: PublicationDate | None = None) -> Hit:
    article = Article(name, name.title(), text, published=published)
    return Hit(Passage(rank, name, 0, len(text), text), article, 1 / rank, rank, {"dense": 0.5})


def find(hit: Hit, words: str, score: float = 1.0) -> Evidence:
    start = hit.article.text.index(words)
    span = Span(start, start + len(words), words, score)
    return Evidence(hit, 0, len(hit.article.text), score, span)


def test_a_day_of_one_article_and_a_year_of_another_are_one_date_with_both_cited() -> None:
    hits = [make_hit("opening", CANAL, 1), make_hit("trade", YEAR, 2), make_hit("works", OTHER, 3)]
    found = [find(hits[0], "4 May"), find(hits[1], "May 1932", 0.9)]
    answer = date_answer("When was the canal between the lakes opened?", found, hits)
    assert answer is not None
    assert answer.date.iso == "1932-05-04"
    assert answer.date.precision == "day"
    assert answer.text == "4 May 1932"
    assert [item.hit.article.id for item in answer.evidence] == ["opening", "trade"]
    assert "opening" in answer.date.note
    assert "trade" in answer.date.note
    for item in answer.evidence:
        assert item.span is not None
        assert item.hit.article.text[item.span.start : item.span.end] == item.span.text


def test_the_sentence_that_tells_a_date_is_cited_whole_however_long_it_is() -> None:
    long = (
        "The mill, which had ground the corn of eleven villages since anyone could remember, "
        "which three generations of one family had kept, painted and mended, and which the county "
        "had at last promised to list as a monument worth the care of the public, burned down on "
        "3 November 1911."
    )
    hit = make_hit("fire", f"It was a wet year. {long} Nobody was hurt.")
    found = [find(hit, "3 November 1911")]
    answer = date_answer("When did the mill burn down?", found, [hit])
    assert answer is not None
    assert answer.evidence[0].quote == long


def test_a_lent_month_is_not_called_a_day() -> None:
    loose = "In 1932 the canal between the two lakes was opened."
    month = "The canal between the two lakes was opened in May, after long rain."
    hits = [make_hit("year", loose, 1), make_hit("month", month, 2)]
    found = [find(hits[0], "1932"), find(hits[1], "May", 0.9)]
    answer = date_answer("When was the canal between the lakes opened?", found, hits)
    assert answer is not None
    assert answer.date.iso == "1932-05"
    assert "the month from “May” in month" in answer.date.note


def test_dates_that_contradict_each_other_are_never_joined() -> None:
    later = "The canal between the two lakes was opened on 9 June 1940, the town hall says."
    hits = [make_hit("opening", CANAL, 1), make_hit("hall", later, 2)]
    found = [find(hits[0], "4 May"), find(hits[1], "9 June 1940", 0.9)]
    answer = date_answer("When was the canal between the lakes opened?", found, hits)
    assert answer is not None
    assert answer.date.iso == "--05-04"


def test_an_articles_own_words_stay_when_they_say_the_whole_date() -> None:
    hit = make_hit("fire", "The mill burned down on November 3, 1911, after a storm.")
    answer = date_answer("When did the mill burn down?", [find(hit, "November 3, 1911")], [hit])
    assert answer is not None
    assert answer.text == "November 3, 1911"
    assert answer.date.iso == "1911-11-03"


def test_a_relative_date_is_resolved_against_the_dateline() -> None:
    published = PublicationDate("2008-09-17", "day", "dateline")
    hit = make_hit("war", "The brief war ended last month, the minister said.", 1, published)
    answer = date_answer("When did the war end?", [find(hit, "last month")], [hit])
    assert answer is not None
    assert answer.date.iso == "2008-08"
    assert answer.text == "August 2008"


def test_no_date_is_no_date() -> None:
    hit = make_hit("mill", "The mill was never rebuilt.")
    assert date_answer("When was it rebuilt?", [find(hit, "never")], [hit]) is None
    assert date_answer("When?", [], []) is None


def cite(number: int, name: str, text: str, words: str) -> Citation:
    item = find(make_hit(name, text, number), words)
    return Citation(
        number, item.hit.article, item.hit.passage, item.quote, item.start, item.end, item.span
    )


def test_sources_that_differ_are_shown_side_by_side_without_a_verdict() -> None:
    citations = [
        cite(1, "agency", "About 7,600 troops will be based in the region, it said.", "7,600"),
        cite(2, "paper", "The army plans to keep 3,800 troops there, officers told us.", "3,800"),
        cite(3, "radio", "Some 7,600 soldiers are to stay, according to the ministry.", "7,600"),
    ]
    groups = group_citations("How many troops will be based in the region?", citations)
    assert [group.citations for group in groups] == [(1, 3), (2,)]
    assert groups[0].independent == 2
    assert groups[0].conflicts_with == (1,)
    said = describe_conflict(groups)
    assert said.startswith("The sources differ: ")
    assert "[1] [3]" in said
    assert "“3,800” in 1 article [2]" in said
    assert describe_conflict(()) == ""


TROOPS = "How many troops will be based in the region?"


@pytest.mark.parametrize(
    ("scores", "differ"),
    [([0.9, 0.85], True), ([0.9, 0.7], False), ([0.6, 0.6], False), ([0.78, 0.9], True)],
)
def test_only_sure_answers_contradict_each_other(scores: list[float], differ: bool) -> None:
    citations = [
        cite(1, "agency", "About 7,600 troops will be based in the region, it said.", "7,600"),
        cite(2, "paper", "Officers said 3,800 troops would be based there.", "3,800"),
    ]
    groups = group_citations(TROOPS, citations, scores=scores)
    assert [bool(group.conflicts_with) for group in groups] == [differ, differ]
    assert len(groups) == 2


def test_a_number_of_something_else_contradicts_nothing() -> None:
    citations = [
        cite(1, "agency", "About 7,600 troops will be based in the region, it said.", "7,600"),
        cite(2, "paper", "The army owns 310 tanks.", "310"),
    ]
    groups = group_citations(TROOPS, citations, scores=[0.9, 0.9])
    assert not any(group.conflicts_with for group in groups)


def test_asked_about_now_what_an_older_article_says_was_true_then() -> None:
    day = PublicationDate("2024-02-03", "day", "dateline")
    old = cite(1, "old", "Thomas Brandt is the mayor of Harwick.", "Thomas Brandt")
    new = cite(2, "new", "Elena Marsh is the mayor of Harwick.", "Elena Marsh")
    old = replace(old, article=replace(old.article, published=day))
    later = replace(day, iso="2024-06-11")
    for published, differ in ((later, False), (day, True)):
        citations = [old, replace(new, article=replace(new.article, published=published))]
        groups = group_citations("Who is the mayor of Harwick?", citations, scores=[0.9, 0.9])
        assert [bool(group.conflicts_with) for group in groups] == [differ, differ]


def test_sources_that_agree_are_no_conflict() -> None:
    citations = [
        cite(1, "one", "Ingrid Solberg was elected mayor of the town.", "Ingrid Solberg"),
        cite(2, "two", "The new mayor, Solberg, thanked the voters.", "Solberg"),
    ]
    groups = group_citations("Who was elected mayor?", citations)
    assert len(groups) == 1
    assert describe_conflict(groups) == ""


@pytest.mark.parametrize(
    ("question", "rest", "after", "before"),
    [
        ("Who leads the party as of 2010?", "Who leads the party?", "", "2010"),
        ("As of March 2014, who leads the party?", "Who leads the party?", "", "2014-03"),
        ("Who ruled Normandy before 1066?", "Who ruled Normandy before 1066?", "", ""),
        ("Who leads the party?", "Who leads the party?", "", ""),
    ],
)
def test_only_what_is_about_sources_becomes_a_filter(
    question: str, rest: str, after: str, before: str
) -> None:
    asked, filters, note = restrict_by_question(question, Filters())
    assert (asked, filters.published_after, filters.published_before) == (rest, after, before)
    assert bool(note) == bool(after or before)


def test_a_filter_of_the_caller_wins_over_the_questions() -> None:
    mine = Filters(published_before="1999")
    assert restrict_by_question("Who led it as of 2010?", mine)[1] == mine


def test_overlapping_sentences_of_one_article_are_cited_once() -> None:
    hit = make_hit("canal", CANAL)
    twice = [find(hit, "4 May"), find(hit, "queen", 0.95), find(make_hit("trade", YEAR), "1932")]
    citations = make_citations(twice)
    assert [citation.number for citation in citations] == [1, 2]
    assert [citation.article.id for citation in citations] == ["canal", "trade"]


def test_a_citation_that_does_not_quote_exactly_cannot_be_made() -> None:
    hit = make_hit("canal", CANAL)
    with pytest.raises(ValueError, match="does not quote canal exactly"):
        Citation(1, hit.article, hit.passage, "The Canal", 0, 9)
    with pytest.raises(ValueError, match="not inside its quote"):
        Citation(1, hit.article, hit.passage, "The canal", 0, 9, Span(46, 51, "4 May", 1.0))
    with pytest.raises(ValueError, match="does not quote"):
        Citation(1, hit.article, hit.passage, "", 0, 0)


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("When was it opened?", "It was opened on 4 May.", True),
        ("When was it opened?", "It was opened by the queen.", False),
        ("How many ships?", "Twelve ships sailed.", True),
        ("How many ships?", "Ships sailed.", False),
        ("Who opened it?", "It was opened on 4 May.", False),
    ],
)
def test_the_kind_of_thing_that_is_asked_for(question: str, sentence: str, holds: bool) -> None:
    assert holds_kind(question, sentence) is holds


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    settings = Settings(library=tmp_path / "library", encoder="test", system="hybrid")
    library = Library.open(settings.library, settings=settings, create=True)
    texts = {"opening": CANAL, "trade": YEAR, "works": OTHER}
    library.add(Article(name, name.title(), text, location=name) for name, text in texts.items())
    return Assistant(library)


def test_an_answer_quotes_the_best_sentence_and_names_every_stage(assistant: Assistant) -> None:
    answer = assistant.ask("  Who opened the canal between the lakes?\n")
    assert answer.question == "Who opened the canal between the lakes?"
    assert answer.status == "answered"
    assert answer.citations[0].article.id == "opening"
    assert answer.text == CANAL
    assert set(answer.timings) >= {"encode", "search", "read", "total"}
    assert answer.trace and answer.trace.reader == "best sentence"


def test_a_withheld_answer_still_shows_the_nearest_passages(assistant: Assistant) -> None:
    answer = assistant.ask("Who opened the canal?", min_confidence=1)
    assert answer.status == "not_found"
    assert answer.citations == ()
    assert answer.hits


def test_an_empty_library_says_that_it_is_empty(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "empty", encoder="test", system="hybrid")
    with Library.open(settings.library, settings=settings, create=True) as library:
        answer = Assistant(library).ask("Who opened the canal?")
    assert answer.status == "not_found"
    assert "no articles yet" in answer.text


def test_filters_that_leave_no_article_are_named_as_the_reason(assistant: Assistant) -> None:
    answer = assistant.ask("Who opened the canal?", filters=Filters(sources=("Nobody",)))
    assert answer.status == "not_found"
    assert "passes the filters" in answer.text
    found = assistant.ask("Who opened the canal?", min_confidence=1)
    assert "Nothing in your articles" in found.text


@pytest.mark.parametrize(
    ("after", "before", "backwards"),
    [("2020", "2010", True), ("2010-05", "2010", False), ("2010", "2010", False)],
)
def test_a_period_that_ends_before_it_begins_is_refused(
    assistant: Assistant, after: str, before: str, backwards: bool
) -> None:
    filters = Filters(published_after=after, published_before=before)
    if backwards:
        with pytest.raises(QuestionError, match="ends before it begins"):
            assistant.ask("Who opened the canal?", filters=filters)
    else:
        assistant.ask("Who opened the canal?", filters=filters)


def test_dates_that_differ_are_noted(assistant: Assistant) -> None:
    hits = [
        make_hit("one", "The canal between the lakes was opened in 1932.", 1),
        make_hit("two", "The canal between the lakes was opened in 1967.", 2),
    ]
    evidence = (find(hits[0], "1932", 0.9), find(hits[1], "1967", 0.85))
    findings = Findings(evidence, tuple(hits), 0.9, 0.3)
    question = "When was the canal between the lakes opened?"
    asked = Asked(question, question, question, "hybrid", 5, -1.0)
    encode = assistant.library.encoder.encode_passages
    answer = compose_answer(asked, findings, {}, encode, Stopwatch())
    assert answer.text == "1932"
    assert answer.date is not None
    assert any("“1967” in 1 article [2]" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("question", "nothing"),
    [
        ("Who are you?", True),
        ("Hello!", True),
        ("WHO ARE YOU?", True),
        ("When was it?", True),
        ("What did WHO say?", False),
        ("US?", False),
        ("Who won?", False),
        ("Кто вы?", False),
    ],
)
def test_small_talk_asks_nothing(question: str, nothing: bool) -> None:
    assert asks_nothing(question) is nothing


@pytest.mark.parametrize(
    ("question", "understood"),
    [("Who are you?", False), ("Thanks!", False), ("When was it, please?", True)],
)
def test_small_talk_is_no_follow_up(assistant: Assistant, question: str, understood: bool) -> None:
    before = remember_turn(assistant.ask("When was the canal between the lakes opened?"))
    answer = assistant.ask(question, after=[before], min_confidence=0.01)
    assert (answer.followup is not None) is understood
    assert (answer.status == "answered") is understood


def test_small_talk_gets_no_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Who are you?", min_confidence=0.01)
    assert (answer.status, answer.confidence) == ("not_found", 0.0)
    assert answer.hits


def test_reading_a_given_article_asks_nothing_of_the_library(assistant: Assistant) -> None:
    article = Article("given", "Given", "The bell was cast in Lyon. It weighs nine tonnes.")
    answer = assistant.read("Where was the bell cast?", article)
    assert answer.citations[0].quote == "The bell was cast in Lyon."
    assert {hit.article.id for hit in answer.hits} == {"given"}


def test_passages_of_a_given_article_have_shares_of_belief(assistant: Assistant) -> None:
    text = " ".join(f"Part {number} of the bell was cast in Lyon." for number in range(200))
    answer = assistant.read("Where was the bell cast?", Article("given", "", text))
    assert len(answer.hits) > 3
    assert sum(hit.score for hit in answer.hits) == pytest.approx(1, abs=1e-5)
    assert all(hit.score > 0 for hit in answer.hits)
    cosines = [hit.signals["dense"] for hit in answer.hits]
    assert cosines == sorted(cosines, reverse=True)


def test_the_timeline_is_in_order_and_quotes_exactly(assistant: Assistant) -> None:
    entries = assistant.timeline("canal between the lakes")
    assert [entry.iso for entry in entries] == ["1932-05", "1951", "--05-04"]
    for entry in entries:
        text = assistant.library.article(entry.article).text
        assert text[entry.start : entry.end] == entry.text
        assert entry.expression in entry.text


def test_a_timeline_as_of_a_year_takes_articles_up_to_then(assistant: Assistant) -> None:
    early = PublicationDate("1940-05-01", "day", "metadata")
    text = "The canal between the lakes was widened in 1939."
    dated = Article("dredging", "Dredging", text, published=early, location="dredging")
    assistant.library.add([dated])
    entries = assistant.timeline("canal between the lakes as of 1940")
    assert [(entry.article, entry.iso) for entry in entries] == [("dredging", "1939")]


@pytest.mark.parametrize("question", ["", " \n", "?", "…"])
def test_no_question_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        assistant.ask(question)
    with pytest.raises(QuestionError, match="The question is empty"):
        assistant.timeline(question)
