"""A language of the page that is added from outside: one JSON file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import SettingsError
from qa.chat.delivery import dress_page
from qa.chat.frame import render_masthead
from qa.chat.texts import (
    BUILDING,
    HERE,
    Say,
    choose_language,
    choose_say,
    find_files,
    languages,
    read_texts,
    say,
    speaking,
)

ENGLISH = json.loads((HERE / "en.json").read_text("utf-8"))
ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def forget():
    """Files are read once a process; here every test has its own."""

    def forget_files():
        for known in (find_files, read_texts, languages):
            known.cache_clear()

    forget_files()
    yield
    forget_files()


def make_polish(**changes):
    """English with Polish forms and a few Polish texts; a text changed to ``None`` is left out."""
    texts = {
        key: {"one": text["one"], "few": text["other"], "many": text["other"]}
        if isinstance(text, dict)
        else text
        for key, text in ENGLISH.items()
    }
    texts |= {
        "language.name": "Polski",
        "page.tagline": "Pytaj własne artykuły",
        "count.articles": {
            "one": "{count} artykuł",
            "few": "{count} artykuły",
            "many": "{count} artykułów",
        },
    }
    return {key: text for key, text in {**texts, **changes}.items() if text is not None}


@pytest.fixture
def drop(tmp_path, monkeypatch):
    """Puts a file into the folder of languages from outside."""
    folder = tmp_path / "texts"
    folder.mkdir()
    monkeypatch.setenv("DATELINE_TEXTS", str(folder))

    def write(texts, name="pl.json"):
        raw = texts if isinstance(texts, str) else json.dumps(texts)
        (folder / name).write_text(raw, "utf-8")
        return folder / name

    return write


def test_the_page_offers_it_and_speaks_it_with_its_plural_forms(drop):
    drop(make_polish())
    assert languages() == {"en": "English", "pl": "Polski", "ru": "Русский"}
    assert choose_language({"accept-language": "pl-PL,en;q=0.5"}, {}) == "pl"
    assert choose_language({}, {"dateline-language": "pl"}) == "pl"
    with speaking(BUILDING):
        built = f'<html lang="en"><head></head>{render_masthead()}'
    page = dress_page(built, Say("pl"))
    assert '<html lang="pl">' in page
    assert '<button type="button" lang="pl" data-language="pl">Polski</button>' in page
    assert "<p>Pytaj własne artykuły</p>" in page
    assert '"pl": "Polski"' in page
    told = {1: "1 artykuł", 3: "3 artykuły", 12: "12 artykułów", 22: "22 artykuły"}
    with speaking("pl"):
        assert {count: say("count.articles", count=count) for count in told} == told
        assert say("month.8") == "sierpień"


def test_a_file_from_outside_goes_before_dateline_s_own(drop):
    russian = read_texts("ru")
    find_files.cache_clear()
    read_texts.cache_clear()
    drop({**russian, "page.tagline": "Спросите свои статьи"}, "ru.json")
    assert choose_say("ru")("page.tagline") == "Спросите свои статьи"
    assert choose_say("en")("page.tagline") == ENGLISH["page.tagline"]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ("{", "cannot be read (Expecting property name"),
        ("[" * 100_000, "cannot be read (maximum recursion"),
        ("[]", "are no JSON object"),
        (make_polish(**{"page.tagline": None}), "lack 'page.tagline'; see"),
        ({}, f"lack {min(ENGLISH)!r} and {len(ENGLISH) - 1} more"),
        (make_polish(**{"page.tag": "a"}), "have 'page.tag', which the page does not know"),
        (make_polish(**{"page.tagline": 7}), "something else than text under 'page.tagline'"),
        (make_polish(**{"page.tagline": {"one": "a"}}), "than text under 'page.tagline'"),
        (
            make_polish(**{"count.articles": "{count} artykułów"}),
            "must have a form each for few, many, one under 'count.articles'",
        ),
        (
            make_polish(**{"count.articles": ENGLISH["count.articles"]}),
            "must have a form each for few, many, one under 'count.articles'",
        ),
        (
            make_polish(**{"story.searched": "Szukano „{szukane}”."}),
            "must have {searched} in braces under 'story.searched'",
        ),
        (
            make_polish(**{"page.tagline": "Pytaj {kogo}"}),
            "must have nothing in braces under 'page.tagline'",
        ),
        (make_polish(**{"page.tagline": "<b>Pytaj</b>"}), "under 'page.tagline'"),
        (make_polish(**{"page.tagline": "\ud800"}), "under 'page.tagline'"),
    ],
)
def test_a_file_that_will_not_do_is_one_sentence_with_file_and_key(drop, texts, said):
    file = drop(texts)
    with pytest.raises(SettingsError) as refused:
        languages()
    assert str(refused.value).startswith(f"The texts {file} ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_of_another_name_and_a_folder_that_is_not_there_are_told(
    drop, monkeypatch, tmp_path
):
    file = drop({}, "polish.json")
    with pytest.raises(SettingsError, match=f"{file} must be named by the code of a language"):
        languages()
    monkeypatch.setenv("DATELINE_TEXTS", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="there is no such folder"):
        languages()


@pytest.mark.process
def test_the_page_does_not_start_with_it(drop, tmp_path):
    file = drop("{")
    done = subprocess.run(
        [sys.executable, "-c", "from qa.serving.command import run; run()", "serve", "--port", "0"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATELINE_LIBRARY": str(tmp_path / "library")},
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"dateline: The texts {file} cannot be read")
    assert len(done.stderr.splitlines()) == 1


def test_the_example_of_the_documentation_works(monkeypatch, tmp_path):
    monkeypatch.setenv("DATELINE_TEXTS", "")
    monkeypatch.chdir(tmp_path)
    section = (ROOT / "docs" / "extending.md").read_text("utf-8").split("## A language")[1]
    exec(section.split("```python\n")[1].split("```")[0], {})
    assert languages()["pl"] == "Polski"
    assert choose_say("pl")("count.articles", count=5) == "5 artykułów"
