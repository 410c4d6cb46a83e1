"""Which questions ask when, and which of their phrases become filters."""

import pytest

from index import Filters
from qa.dates import is_when_question, resolve_as_of


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("When did Kosovo declare its independence?", True),
        ("On what date did Putin and Saakashvili meet?", True),
        ("In which year was the mine closed?", True),
        ("Since when has the border been shut?", True),
        ("Когда Россия признала Южную Осетию?", True),
        ("When Russia recognized the regions, who followed?", False),
        ("Who was president when the wall fell?", False),
        ("How many days did it last?", False),
        ("Which country followed?", False),
        ("When's the vote in Alden?", True),
        ("When and where was he born?", True),
        ("Where and when did they meet?", True),
        ("Can you tell me when Alden will vote?", True),
        ("Do you know when the mine was closed?", True),
        ("I'd like to know when the border opened.", True),
        ("What did he say when the war began?", False),
        ("What is the date palm?", False),
        ("What is the date of the vote?", True),
    ],
)
def test_questions_that_ask_when(question, asks):
    assert is_when_question(question) is asks


@pytest.mark.parametrize(
    ("question", "rest", "filters"),
    [
        (
            "How many troops were there as of 2010?",
            "How many troops were there?",
            Filters(published_before="2010"),
        ),
        (
            "As of March 2014, who led Ukraine?",
            "Who led Ukraine?",
            Filters(published_before="2014-03"),
        ),
        ("Who led Georgia before 2015?", "Who led Georgia?", Filters(published_before="2014")),
        (
            "What has Russia said since March 2014?",
            "What has Russia said?",
            Filters(published_after="2014-03"),
        ),
        (
            "Which towns fell after 5 August 2008?",
            "Which towns fell?",
            Filters(published_after="2008-08-06"),
        ),
        (
            "Who led Georgia, in articles published in 2008?",
            "Who led Georgia?",
            Filters(published_after="2008", published_before="2008"),
        ),
        (
            "According to reports that were written before 2009, who fired first?",
            "Who fired first?",
            Filters(published_before="2008"),
        ),
    ],
)
def test_as_of_phrases_become_filters(question, rest, filters):
    assert resolve_as_of(question) == (rest, filters)


@pytest.mark.parametrize(
    "question",
    [
        "Who led Georgia before the war?",
        "Who was born before 1950?",
        "Why did Putin order troops into Donetsk in 1999?",
        "When did the war before 2008 end?",
        "Before 2015?",
        "Who wrote the report published in 1998?",
        "Which novel by Jane Roe was published in 1998?",
        "Which book was written before 1998?",
        "",
    ],
)
def test_other_questions_are_left_as_they_are(question):
    assert resolve_as_of(question) == (question, Filters())
