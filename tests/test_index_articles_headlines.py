"""The title is the headline that a reader would name, else the shortened first sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.pages.headlines import find_headline, strip_site

DATA = Path(__file__).parent / "data" / "headlines"


def read_page(name: str) -> tuple[str, str]:
    """A page of the project's own, and the headline that stands before it in the file."""
    title, page = (DATA / f"{name}.txt").read_text("utf-8").split("\n---\n", 1)
    return title, page


@pytest.mark.parametrize("name", sorted(path.stem for path in DATA.glob("*.txt")))
def test_the_headline_is_found(name: str) -> None:
    title, page = read_page(name)
    found = find_headline(page)
    assert (found.title, found.note) == (title, "")


@pytest.mark.parametrize("line_break", ["\r\n", "\r"])
def test_line_breaks_do_not_matter(line_break: str) -> None:
    title, page = read_page("wire_story_with_a_byline_on_two_lines")
    assert find_headline(page.replace("\n", line_break)).title == title


STORY = (
    "The council voted on Tuesday to close the old library on Mill Street. It will be sold.\n\n"
    "Readers said that they would go to court. The mayor did not answer questions about it.\n"
)
LEAD = "The council voted on Tuesday to close the old library on Mill Street"


@pytest.mark.parametrize(
    "top",
    [
        "",
        "Share\n",
        "Breaking News\n\n",
        "Editor's note: This story was first published by the Gazette in March.\n\n",
        "This story has been updated to correct a name.\n\n",
        "Jane Doe\n\nThe Elmham Gazette\n\n",
        "Jane Mary Doe\n\nOpinion contributor\n\n",
        "From staff and wire reports\n\n",
        "jane.doe@gazette.example\n\n",
        "Updated March 5, 2014, 5:11 p.m. ET\n\n",
        "By Jane Doe\nPublished: 5 March 2014\n",
        "ELMHAM, March 5 (Reuters) - ",
        "ELMHAM — ",
        "CNN — \n\n",
        "New York CNN Business — \n\n",
        "Photo: a library, seen from Mill Street\n\n",
        "icon homeicon searchicon sharecon icon menu\n\n",
    ],
)
def test_without_a_headline_the_lead_is_the_title(top: str) -> None:
    found = find_headline(top + STORY)
    assert found.title == LEAD
    assert "first sentence" in found.note


def test_a_long_lead_is_cut_between_words_and_before_weak_ones() -> None:
    sentence = (
        "The council of the town voted late on Tuesday to close the old library on Mill Street and "
        "to sell the building, in spite of the protests of hundreds of readers."
    )
    title = find_headline(f"{sentence}\n\n{STORY}").title
    assert title == (
        "The council of the town voted late on Tuesday to close the old library on Mill Street and "
        "to sell…"
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("He came on Sept. 7 and went on Oct. 9 of the same year. That is all.", None),
        ("Gen. A. Smith of the U.S. Army said on Monday that it was over. So it was.", None),
        ("It is over. The long war between the two towns ended on Monday, said the mayor.", ""),
    ],
)
def test_an_abbreviation_or_a_very_short_sentence_ends_no_title(
    text: str, title: str | None
) -> None:
    expected = text.rstrip(".") if title == "" else text.rsplit(". ", 1)[0]
    assert find_headline(text).title == expected


def test_a_text_without_words_has_no_title() -> None:
    found = find_headline("--- 12 ---\n***\n")
    assert found.title == "" or "first sentence" in found.note


@pytest.mark.parametrize(
    ("title", "site", "stripped"),
    [
        ("Mayor resigns | Springfield Herald", "", "Mayor resigns"),
        ("Mayor of the town resigns | Springfield", "", "Mayor of the town resigns"),
        ("Mayor resigns - Springfield Herald", "Springfield Herald", "Mayor resigns"),
        ("Mayor resigns - what now?", "Springfield Herald", "Mayor resigns - what now?"),
        ("Russia-NATO relations", "", "Russia-NATO relations"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(title: str, site: str, stripped: str) -> None:
    assert strip_site(title, site) == stripped


@given(st.text(alphabet="aA b.\n\r#-—(,)1\u4e00'|:", max_size=300))
def test_any_text_has_a_short_title_on_one_line(text: str) -> None:
    found = find_headline(text)
    assert len(found.title) <= 200
    assert not set("\r\n") & set(found.title)
    assert bool(found.title) or found.note
