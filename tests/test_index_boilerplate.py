"""Boilerplate: what is left out of a page and, more important, what is not."""

import pytest
from boilerplate import make, removed
from hypothesis import given, settings
from hypothesis import strategies as st

from index.pages.boilerplate import find_boilerplate, find_repeated_lines, line_hashes
from index.text.sentences import split_lines

STORY = (
    "The flood reached the old town of Tarn on Tuesday night, the water board said.",
    "Some 300 people were taken to a school on the hill, where volunteers served soup.",
    '"We have not seen the like since 1954," said Mayor Lena Orth.',
)


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe",
        "► Subscribe now",
        "12 Comments",
        "Share this:",
        "2 hours ago",
        "5 min read",
        "Page 3 of 10",
        "More:Five towns to visit. Here is how.",
        "Is it safe?What the engineers found under the dike",
        "E-mail: jdoe@post.example",
        "***",
        "Facebook Twitter Email",
        "English Français Русский العربية",
        "This post is also available in: ქართული (Georgian) Deutsch (German)",
        "By JANE DOE, Associated Press",
        "(Image credit: Jo Hart/Getty Images)",
        "Read more »",
        "Advertisement – scroll to continue",
        "Get the best stories of the week delivered to your inbox.",
        "If you enjoy this story, support our journalism.",
        "Заголовок открываемого материала",
        "您可能还喜欢",
        "Lea también: Cinco pueblos",
        "Leia também: Cinco cidades",
        "Leggi anche: Cinque città",
        "Czytaj także: Pięć miast",
        "اقرأ أيضا",
        "Etiketler: sel, kasaba",
        "続きを読む",
    ],
)
def test_line_between_paragraphs_is_boilerplate(line):
    text = "\n".join([STORY[0], STORY[1], line, STORY[2]])
    assert removed(text) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Six died.",
        "“No.”",
        "Why now?",
        "What happens next",
        "Three of the dead were children",
        "Update: The curfew was lifted at noon.",
        "Source of the river",
        "Live from Tarn, it was a long night for the rescuers and for the people they saved.",
        "— William Blake, poet of the river, wrote those lines in 1793.",
        "42",
        "June 4: Dike breaks at Emden",
        "Video showed the wave as it came over the wall.",
        "Они пришли вечером, написала она на стене школы крупными буквами, и больше не вернулись.",
    ],
)
def test_line_between_paragraphs_is_story(line):
    assert removed("\n".join([STORY[0], STORY[1], line, STORY[2]])) == []


def test_a_poem_is_left_alone():
    text = "Grey water\nThe river came at night\nand took the bread\nThe river came\n\nGrey water"
    assert removed(text) == []


def test_a_list_of_names_is_left_alone():
    names = "Those who died in the flood were named on Friday by the police in Tarn as:\n"
    people = "Ada Lind\nPaul Hahn\nInes Vogel\nTom Reed"
    end = "\nA service will be held on Sunday in the church of Saint Ann, the parish said."
    assert removed(names + people) == []
    assert removed(names + people + end) == []


def test_an_article_of_one_line_has_no_boilerplate():
    assert removed("Subscribe") == []
    assert removed(STORY[0], STORY[0]) == []


def test_menus_around_the_story_are_found_by_their_shape():
    text = "\n".join(
        ["River Post", "Valley", "Courts", *STORY, "Boats for hire", "Old maps", "Walking in Tarn"]
    )
    assert len(removed(text)) == 6
    assert not set(STORY) & set(removed(text))


def test_headlines_after_the_story_are_links():
    links = ["Mayor of Emden will not stand again", "Grain prices fall for a third week in a row"]
    assert removed("\n".join([*STORY, *links])) == links


def test_a_list_that_the_story_introduces_is_kept():
    items = ["- Ferries from the northern quay", "- Buses From The Central Square Every Hour"]
    assert (
        removed("\n".join([*STORY, "The council offers these ways to leave the town:", *items]))
        == []
    )


def test_scores_at_the_end_are_kept():
    scores = ["Ada Lind (+700)", "Paul Hahn (+750)", "Ines Vogel (+1400)", "Tom Reed (+2000)"]
    assert removed("\n".join([*STORY, *scores])) == []


def test_the_first_of_many_headings_is_kept():
    places = ["Emden", "Norden", "Port Elan", "Tarn", "Upper Place", "West Quay", "Zell"]
    text = "\n".join(f"{place}\nIn {place} the river rose by two metres." for place in places)
    assert not set(places) & set(removed(text))


def test_fragments_of_sentences_are_kept():
    assert removed("\n".join(["As for the ferries,", *STORY, '"I think the'])) == []


def test_numbered_headings_are_not_buttons():
    assert removed("\n".join([STORY[0], "5. Twitter", *STORY[1:]])) == []


def test_bulleted_headlines_within_the_story_are_links():
    links = ["- Minister Visits Flooded Valley", "- Farmers Demand New Dikes Before Winter"]
    assert removed("\n".join([*STORY[:2], *links, STORY[2]])) == links


def test_the_title_goes_with_the_site_name_and_cut_short():
    title = "Tarn counts the cost of the flood"
    for line in (title, f"{title} | River Post", title.upper()):
        assert removed("\n".join([line, *STORY]), title) == [line]
    assert removed("\n".join([title, *STORY]), "Tarn counts the cost ...") == [title]


def test_a_title_that_is_the_first_sentence_is_kept():
    assert removed("\n".join(STORY), STORY[0]) == []


def test_the_sentence_given_again_after_a_dateline_goes():
    lead = STORY[0]
    text = "\n".join([lead, f"TARN, March 12 (Wire) - {lead}", *STORY[1:]])
    assert removed(text) == [lead]


def test_an_editors_letter_is_a_story():
    text = "\n".join(["Dear readers,", "This website turns ten today and you made it.", *STORY])
    assert STORY[0] not in removed(text)
    assert "This website turns ten today and you made it." not in removed(text)


def test_a_letter_within_the_story_about_something_else_is_kept():
    text = "\n".join([*STORY, "Dear members,", "The club is bankrupt. Nobody told us why."])
    assert "The club is bankrupt. Nobody told us why." not in removed(text)


def test_a_privacy_policy_is_about_cookies():
    text = "\n".join(
        [
            "We use cookies to remember your language and the size of the letters you chose.",
            "By using this site you agree to our terms, which were last changed in May.",
            "We use cookies to count visits too.",
        ]
    )
    assert removed(text) == []


def test_books_keep_their_authors():
    books = "\n".join(
        f"Author: {name}\nIn this book of {n} pages a river floods a town and nobody minds."
        for n, name in enumerate(["Ada Lind", "Paul Hahn", "Ines Vogel"], 100)
    )
    assert not [line for line in removed(books) if line.startswith("Author")]


def test_a_bilingual_article_keeps_both_scripts():
    text = "\n".join(
        [*STORY, "Наводнение в городе Тарн", "Три человека погибли, сообщила полиция."]
    )
    assert "Три человека погибли, сообщила полиция." not in removed(text)


def test_repeated_lines_of_a_source():
    motto = "The paper of the valley since 1911, with all that the valley wants to know."
    texts = [f"{motto}\n{line}\n{STORY[0]}" for line in STORY[1:]]
    assert find_repeated_lines(texts) == frozenset()
    repeated = find_repeated_lines([*texts, motto])
    assert repeated == line_hashes(motto.upper())
    assert removed(f"{motto}\n{STORY[1]}\n{STORY[2]}", repeated=repeated) == [motto]


def test_an_article_that_repeats_as_a_whole_is_kept():
    text = "\n".join(STORY)
    assert removed(text, repeated=line_hashes(text)) == []


def test_hashes_are_the_same_in_every_run():
    assert line_hashes("Share this  Story\n\n0\n") == {200403099797967576}


def test_boilerplate_says_where_and_why():
    text = "\n".join([*STORY, "Subscribe", "© 2019 River Post"])
    first, second = find_boilerplate(make(text))
    assert (text[first.start : first.end], first.reason) == ("Subscribe", "subscription")
    assert second.reason == "copyright"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(
                [*STORY, "Menu", "- A", "0", "Read more:", "\ud800", "icon " * 9, "x:Y"]
            ),
        ),
        max_size=25,
    ).map("\n".join),
    st.text(max_size=20),
)
def test_boilerplate_is_whole_lines_in_order(text, title):
    found = [(item.start, item.end) for item in find_boilerplate(make(text, title))]
    assert found == sorted(set(found))
    assert set(found) <= set(split_lines(text))


def test_front_matter_is_no_story():
    fields = ("title: The mill", "date: 2022-08-17", "tags:", "- rivers", "author: Ines Faro")
    text = "\n".join(["---", *fields, "---", "", *STORY])
    assert removed(text) == ["---", *fields, "---"]


def test_a_rule_above_a_story_is_no_front_matter():
    text = "\n".join(["---", STORY[0], STORY[1], "---", STORY[2]])
    assert not {STORY[0], STORY[1], STORY[2]} & set(removed(text))


def test_headlines_after_the_story_follow_their_label_whatever_stands_between():
    tail = [
        "More on this story",
        "Tarn flood: Old town cut off for a second night",
        "Published 26 October 2023",
        "Top stories",
        "Ministers to meet in the capital over dam repairs",
        "1 hour ago",
    ]
    assert removed("\n".join([*STORY, *tail])) == tail


def test_numbered_items_after_a_label_stay():
    tail = ["More", "1. Boil the water for ten minutes before use"]
    assert tail[1] not in removed("\n".join([*STORY, *tail]))


@pytest.mark.parametrize(
    "line",
    [
        "___",
        "Orth reported from Tarn. Reed reported from Elm. Press writers Ida Moss in Ulm and Jon Ray"
        " in Bern contributed to this report.",
        "This page was last edited on 3 May 2023, at 10:11 (UTC).",
        "This article is more than 1 year old",
    ],
)
def test_credits_rules_and_page_dates_are_boilerplate(line):
    assert removed("\n".join([*STORY, line])) == [line]


def test_a_sentence_with_a_footnote_mark_is_prose():
    footnoted = "The dam held.[12]"
    assert removed("\n".join([*STORY, footnoted])) == []
