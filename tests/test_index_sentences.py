"""Sentence splitting: where sentences end, and that offsets are exact for any text."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencex import get_sentence_boundaries

from index.text.sentences import split_lines, split_paragraphs, split_sentences

any_text = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(" \n\r\t\f\u2029.!?…\"'“”«»()[]-aBc1。😀\ud800\x00\u200f"),
    ),
    max_size=300,
)


def sentences(text, language="en"):
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "The council met on Sept. 3 in Graz and adjourned.",
        "The U.S. Army and the U.K. Navy trained together.",
        "Mr. Brown met Mrs. Green, Dr. White and Gen. Black.",
        "The No. 5 bus was late.",
        "The deadline is 5 p.m. ET on Friday.",
        "J. R. R. Tolkien and J.K. Rowling were both on the list.",
        "Sen. Ann Lee, D-N.Y., voted against it.",
        "A course in Brookline, Mass. hosts the tournament.",
        "The envoy spoke of threats to peace...and of acts of aggression.",
        "“Is it over?” she asked.",
        '"Stop!" he shouted.',
        "The rate rose 3.5 percent, to $1.2 million.",
        "Roe v. Wade was cited twice.",
        "1. Close the valve before you start.",
        "Write to desk@paper.example or see www.paper.example for more.",
    ],
)
def test_is_one_sentence(text):
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["He left.", "She stayed."],
        ['"We will not resign," he said.', '"We were elected."'],
        ['"We will wait.', "We have time.", 'We have done it before," she said.'],
        ["“It was late.”", "He left."],
        ["‘No.’", "He stayed."],
        ["(The count was late.)", "The mayor apologised."],
        ["Prices fell.[2]", "Wages rose.[3]"],
        ["He lives in the U.S.", "His brother does not."],
        ["What?!", "No!", "Never…"],
        ["the wing was tested .", "the flow was laminar ."],
    ],
)
def test_parts_are_found(parts):
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("ru", ["Он родился в 1990 г. в Перми.", "А. С. Пушкин там не был."]),
        ("ru", ["«Мы против.", "Это ошибка», — сказал он."]),
        ("de", ["Er kam am 3. Mai an.", "Dr. Weber war z. B. nicht da."]),
        ("fr", ["Il a dit : « Oui. »", "Puis il est parti."]),
        ("es", ["¿Vendrá mañana?", "Nadie lo sabe."]),
        ("hi", ["वह गया।", "वह आया।"]),
        ("ar", ["وصل الوفد أمس.", "هل يعود غدا؟"]),
        ("", ["Он родился в 1990 г. в Перми.", "Больше о нём ничего не известно."]),
    ],
)
def test_other_languages(language, parts):
    assert sentences(" ".join(parts), language) == parts


def test_chinese_and_japanese_need_no_spaces():
    assert sentences("会议结束了。代表离开了。", "zh") == ["会议结束了。", "代表离开了。"]
    assert sentences("会議は終わった。代表は去った。", "") == ["会議は終わった。", "代表は去った。"]


def test_long_text_without_spaces_is_cut_where_its_short_parts_are():
    unit = "委员会星期一开会。他说：「会议结束了。代表离开了！」是吗？2008年承认了。南奥塞梯。"
    parts = sentences(unit, "zh")
    assert len(parts) == 4
    assert sentences(unit * 300, "zh") == parts * 300
    endless = "开会" * 3000
    assert sentences(f"{endless}。{unit}{endless}", "zh") == [f"{endless}。", *parts, endless]


def test_text_without_spaces_is_never_looked_at_whole(monkeypatch):
    """What finds the boundaries takes time quadratic in the length of such text."""
    looked_at = []

    def look(language, text):
        looked_at.append(len(text))
        return get_sentence_boundaries(language, text)

    monkeypatch.setattr("sentencex.get_sentence_boundaries", look)
    split_sentences("委员会星期一开会。" * 5000, "zh")
    assert max(looked_at) < 5000
    assert sum(looked_at) < 2 * 45_000


def test_region_and_unknown_codes_are_accepted():
    assert sentences("One. Two.", "pt_BR") == sentences("One. Two.", "tlh") == ["One.", "Two."]


def test_blank_line_ends_a_sentence():
    assert sentences("A headline\n\nthe story starts") == ["A headline", "the story starts"]


def test_each_line_is_a_paragraph_unless_it_is_wrapped():
    text = "Harbour to close\nThe harbour closes in May\nFerries move north."
    assert sentences(text) == text.split("\n")


def test_wrapped_lines_are_joined():
    text = (
        "The harbour board said on Monday that the old pier\n"
        "would close in May, after Mr. Hall and a group of\n"
        "engineers found cracks in nine of its piles. Ferries\n"
        "will leave from the northern quay.\n"
        "\n"
        "Fishermen asked the board to wait until the end of\n"
        "the season."
    )
    found = sentences(text)
    assert [len(part.split("\n")) for part in found] == [3, 2, 2]
    assert found[1].startswith("Ferries")


def test_a_line_that_goes_on_in_lower_case_is_joined():
    assert sentences("The board of the harbour\nwill meet today.") == [
        "The board of the harbour\nwill meet today."
    ]


def test_list_items_stay_apart():
    text = "They asked for:\n- two boats\n- a crane\n- more time"
    assert sentences(text) == text.split("\n")


def test_form_feed_ends_a_paragraph():
    assert sentences("first page\fsecond page") == ["first page", "second page"]


def test_a_long_sentence_is_kept_whole():
    text = "word " * 10_000 + "end."
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "unit", ["... ", '" ', "1. ", '!" a ', "x\n", "A.B.", "((", "😀. ", "开会。"]
)
def test_much_of_a_strange_thing_takes_no_time_to_speak_of(unit):
    """In time quadratic in its length this text would take minutes."""
    text = unit * 50_000
    assert split_sentences(text)[-1][1] == len(text.rstrip())


@pytest.mark.parametrize("space", [chr(n) for n in range(0x110000) if chr(n).isspace()])
def test_any_white_space_may_stand_behind_a_lone_letter(space):
    for language in ("en", "fr", "ja", "ru"):
        assert sentences(f"A{space}. x", language)


def test_lone_surrogates_and_nulls_are_text():
    assert sentences("\ud800 spoke. Then \udfff left.") == ["\ud800 spoke.", "Then \udfff left."]
    assert "".join(sentences("One.\x00 Two\x00.")).replace(" ", "") == "One.\x00Two\x00."


@pytest.mark.parametrize("text", ["", " \n\t ", "\u2029\f"])
def test_blank_text_has_no_sentences(text):
    assert split_sentences(text) == split_lines(text) == split_paragraphs(text) == []


@settings(max_examples=300)
@given(any_text, st.sampled_from(["en", "ru", "ja", "", "xx"]))
def test_offsets_are_ordered_trimmed_and_complete(text, language):
    found = split_sentences(text, language)
    position = 0
    rest = []
    for start, end in found:
        assert position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        rest.append(text[position:start])
        position = end
    assert not "".join([*rest, text[position:]]).strip()


@settings(max_examples=200)
@given(any_text)
def test_no_sentence_crosses_a_paragraph(text):
    paragraphs = split_paragraphs(text)
    for start, end in split_sentences(text):
        assert any(first <= start and end <= last for first, last in paragraphs)


@given(st.lists(st.text("abc .", min_size=1).filter(str.strip), min_size=1, max_size=5))
def test_no_sentence_holds_a_blank_line(paragraphs):
    text = "\n\n".join(paragraphs)
    assert not any("\n\n" in text[start:end] for start, end in split_sentences(text))


def test_importing_costs_little():
    code = "import sys, index.text.sentences; print('sentencex' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
