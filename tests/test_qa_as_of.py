"""Questions about another time: "before the war" is dated by the library, or said to be undated."""

from pathlib import Path

import pytest

from index import Article, Filters, Hit, Library, Passage, PublicationDate
from index.settings import Settings
from qa.answering.as_of import read_event, take_turns
from qa.assistant import Assistant
from qa.dates.events import bound_publication, date_event, find_event
from qa.followups import PastTurn
from qa.types import Answer

ARTICLES = [
    ("election.txt", "2003-05-12", "Anton Marlow was elected to lead Veldia, beating Ines Holt."),
    ("border.txt", "2006-06-09", "War between Veldia and Oster broke out on Thursday at dawn."),
    (
        "memory.txt",
        "2009-06-08",
        "The war between Veldia and Oster began on 8 June 2006 and lasted eleven days. "
        "Before the war Anton Marlow led Veldia and nobody locked a door.",
    ),
    ("oath.txt", "2007-01-15", "Ines Holt now leads Veldia after Anton Marlow stepped down."),
    ("harbour.txt", "", "The harbour of Kell holds 200 boats."),
    ("vote.txt", "2009-02-01", "The election in Tarn will be held on 4 May 2009, it said."),
    ("count.txt", "2012-11-01", "The Tarn election took place in October 2012 without incident."),
]


def make_hit(name: str, published: str, text: str, rank: int = 1) -> Hit:
    date = PublicationDate(published, "day", "metadata") if published else None
    article = Article(name, "", text, published=date)
    return Hit(Passage(rank, name, 0, len(text), text), article, 1 / rank, rank)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("as-of") / "library"
    settings = Settings(library=folder, encoder="test", min_confidence=0)
    library = Library.open(folder, create=True, settings=settings)
    library.add(make_hit(*article).article for article in ARTICLES)
    return Assistant(library, settings=settings)


def cited(answer: Answer) -> set[str]:
    return {item.article.id for item in answer.citations}


@pytest.mark.parametrize(
    ("question", "event", "relation", "rest"),
    [
        ("Who led Veldia before the war?", "the war", "before", "Who led Veldia?"),
        ("What has he said since the earthquake?", "the earthquake", "after", "What has he said?"),
        ("After the vote, who resigned?", "the vote", "after", "Who resigned?"),
        ("Which bridges closed during the Olympics?", "the Olympics", "during",
         "Which bridges closed?"),
        ("Who governed it before Hurricane Ida?", "Hurricane Ida", "before", "Who governed it?"),
        ("Who led it prior to the 2004 election in Tarn?", "the 2004 election in Tarn", "before",
         "Who led it?"),
    ],
)  # fmt: skip
def test_a_definite_event_at_the_beginning_or_end_is_found(question, event, relation, rest):
    found = find_event(question)
    assert found
    assert (found.event, found.relation, found.rest) == (event, relation, rest)
    assert question[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "question",
    [
        "How many died after an earthquake?",
        "What did he say before the judge?",
        "What is known about the war?",
        "Before the war?",
        "Why did the war in Oster begin before the harvest?",
        "",
    ],
)
def test_other_questions_count_from_no_event(question):
    assert find_event(question) is None


@pytest.mark.parametrize(
    ("question", "texts", "iso", "independent"),
    [
        ("Who led it before the war?",
         ["The war began on 8 June 2006.", "A museum of the 2006 war has opened."],
         "2006-06-08", 2),
        ("Who led it before the war?",
         ["Two years after the war, in 2008, he left.", "On the anniversary of the war, 8 June "
          "2010, they met."], None, 0),
        ("Who closed it during the Games?",
         ["The Olympics opened on 8 August 2008.", "The Games in Beijing ended, and the Olympics "
          "were held in August 2008."], "2008-08-08", 2),
        ("Who led it before the election?",
         ["The election was held on 4 May 2009.", "The election took place in October 2012."],
         "", 1),
        ("Who led it before the 2012 election?",
         ["The election was held on 4 May 2009.", "The election took place in October 2012."],
         "2012-10", 1),
        ("Who has left since the quake?",
         ["The earthquake of 16 February 2010 killed 40.",
          "The earthquake of 16 February 2010 killed 40."], "2010-02-16", 1),
    ],
)  # fmt: skip
def test_an_event_has_the_date_that_articles_agree_on(question, texts, iso, independent):
    hits = [make_hit(f"{place}.txt", "", text, place) for place, text in enumerate(texts, start=1)]
    phrase = find_event(question)
    assert phrase
    dated = date_event(phrase, hits)
    if iso is None:
        assert dated is None
        return
    assert dated
    assert (dated.iso, dated.independent) == (iso, independent)
    for source in dated.sources:
        text = next(hit.article.text for hit in hits if hit.article.id == source.article)
        assert text[source.start : source.end] == source.quote


def test_what_appeared_on_the_day_of_an_event_appeared_after_it():
    assert bound_publication("before", "2006-06-08") == ("", "2006-06-07")
    assert bound_publication("after", "2006-06-08") == ("2006-06-08", "")
    assert bound_publication("during", "2008-08-08/2008-08-24") == ("2008-08-08", "2008-08-25")
    assert bound_publication("during", "2006-06-08") == ("2006-06-08", "")


def test_before_the_war_uses_what_was_published_or_told_of_before_it(assistant):
    answer = assistant.ask("Who led Veldia before the war?")
    assert cited(answer) <= {"election.txt", "memory.txt"}
    assert {hit.article.id for hit in answer.hits} == {"election.txt", "memory.txt", "harbour.txt"}
    (note,) = answer.notes
    assert "“before the war” is read as published up to 7 June 2006" in note
    assert "2 articles" in note
    assert "memory.txt: “The war between Veldia and Oster began on 8 June 2006" in note


def test_after_the_war_leaves_out_what_says_it_was_before(assistant):
    answer = assistant.ask("Who leads Veldia after the war?")
    assert "oath.txt" in cited(answer)
    assert all("Before the war" not in item.quote for item in answer.citations)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Who led Tarn before the election?", "differently: 4 May 2009 (vote.txt), October 2012"),
        (
            "Who led Veldia during the Olympics?",
            "no article of your library says when the Olympics",
        ),
    ],
)
def test_an_event_that_is_not_clear_stays_in_the_question_and_a_note_says_so(
    assistant, question, why
):
    answer = assistant.ask(question)
    assert any(why in note and "as it stands" in note for note in answer.notes)
    assert answer.question == question


def test_a_question_that_asks_when_and_dates_of_the_caller_are_left_alone(assistant):
    settings = assistant.settings
    when = "When was Marlow elected before the war?"
    assert read_event(when, assistant.library, settings, Filters()) is None
    dated = Filters(published_before="2010")
    assert read_event("Who led Veldia before the war?", assistant.library, settings, dated) is None


@pytest.mark.parametrize(
    ("question", "options", "sure"),
    [
        ("Who led Veldia?", {}, 0),
        ("Who led Veldia?", {"min_confidence": 0.8}, 0.8),
        ("Who led Veldia before the war?", {}, 1.0),
        ("Who led Veldia during the Olympics?", {}, 0),
        ("And who else?", {"after": [PastTurn("Who led Veldia?", answered=("Marlow",))]}, 1.0),
    ],
)
def test_where_some_answers_will_not_do_no_answer_is_sure_enough_to_stop(
    assistant, question, options, sure
):
    assert assistant.find(question, **options).sure == sure


def test_lists_of_two_searches_take_turns_and_their_best_are_worth_the_same() -> None:
    def make(row: int, score: float) -> Hit:
        article = Article(str(row), "", "It rained.")
        return Hit(Passage(row, article.id, 0, 10, article.text), article, score, row)

    first = [make(1, 0.04), make(2, 0.03)]
    second = [make(3, 0.5), make(1, 0.25), make(4, 0.1)]
    merged = take_turns([first, second, []])
    assert [hit.passage.id for hit in merged] == [1, 3, 2, 4]
    assert [hit.rank for hit in merged] == [1, 2, 3, 4]
    assert [hit.score for hit in merged] == pytest.approx([1.0, 1.0, 0.75, 0.2])
