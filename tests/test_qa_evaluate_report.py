"""The report is one file that asks nothing of the network and shows article text as data."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from evaluation import make_case, make_citation, make_result, make_small_run

from index.errors import DatasetError
from qa.evaluate.compare import compare_runs
from qa.evaluate.gate import judge_run
from qa.evaluate.report.page import render_report, write_report
from qa.evaluate.report.plots import Axis, Line, draw_lines
from qa.evaluate.report.summary import write_junit, write_markdown
from qa.output.shapes import CitationJson, PassageJson

EVIL = "</script><script>alert(1)</script><img src=https://evil.example/x.png>"


def make_hostile_run(name="evil", right=True):
    """A run whose every text is markup."""
    case = replace(make_case("q<1>", "Nicaragua"), question=EVIL, kind=EVIL[:9])
    passage = make_passage(EVIL, EVIL, 60)
    citation: CitationJson = {**make_citation("a", 0, 60, words=(12, 15)), "quote": EVIL}
    result = make_result(case, EVIL if right else "", citations=[citation] if right else [])
    result = replace(result, answer={**result.answer, "passages": [passage]}, evidence_rank=1)
    return make_small_run(name, [result])


def make_passage(title: str, text: str, end: int) -> PassageJson:
    """A passage as ``dateline ask --json`` prints it."""
    where = {"article": "a", "title": title, "source": "", "published": None}
    return {**where, "start": 0, "end": end, "text": text, "score": 0.5, "signals": {}}  # type: ignore[typeddict-item]


class Elements(HTMLParser):
    """Collects the elements of a page and what they refer to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.references: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.references += [value for name, value in attrs if name in ("src", "href", "data")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_text_of_articles_never_becomes_markup():
    page = Elements(render_report([make_hostile_run()], None, []))
    assert page.names.count("script") == 2
    assert "img" not in page.names
    assert page.handlers == []


def test_the_page_refers_to_nothing_outside_itself():
    text = render_report([make_hostile_run()], None, [])
    assert Elements(text).references == ["#questions"]
    assert "default-src 'none'" in text
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "url(" not in "".join(styles)
    assert "@import" not in "".join(styles)


def test_the_page_s_data_are_the_results():
    text = render_report([make_hostile_run()], None, [])
    (written,) = re.findall(r'id="data">(.*?)</script>', text, re.DOTALL)
    data = json.loads(written)
    assert data["gold"]["q<1>"]["question"] == EVIL
    assert data["runs"][0]["rows"][0]["stage"] == "right"
    assert data["passages"] == [["a", 0, 60, EVIL, EVIL]]


def test_a_comparison_is_in_the_page_with_what_changed():
    runs = [make_hostile_run("old"), make_hostile_run("new", right=False)]
    text = render_report(runs, compare_runs(runs), judge_run(runs[1], ["right < -0.5"], runs[0]))
    assert "Against old" in text
    assert "1 wrongly withheld" in text
    assert "right → wrongly withheld" in text
    assert "right is 0.0000, -1.0000 from 1.0000" in text


def test_markdown_has_the_figures_and_escapes_names():
    run = replace(make_hostile_run(), notes=("a <b> | c",))
    text = write_markdown([run], None, judge_run(run, ["dangling > 0"]))
    assert "| right | 1.0000 (1.0000–1.0000) |" in text
    assert "| ok | evil | `dangling > 0` | dangling is 0.0000 |" in text
    assert "- a \\<b\\> \\| c" in text


def test_junit_counts_what_failed(tmp_path):
    run = make_hostile_run("my\x07run")
    write_junit(tmp_path / "out.xml", judge_run(run, ["right > 0.5", "dangling > 0"]), None)
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [failure.get("message") for failure in suite[0]] == ["right is 1.0000"]
    assert suite[1].find("failure") is None


def test_junit_of_a_comparison_fails_where_it_is_worse_beyond_chance(tmp_path):
    cases = [make_case(f"q{number}", "Nicaragua") for number in range(12)]
    cited = [make_citation("a", 0, 60)]
    old = make_small_run("old", [make_result(case, "it", citations=cited) for case in cases])
    new = make_small_run("new", [make_result(case) for case in cases])
    write_junit(tmp_path / "out.xml", [], compare_runs([old, new], ["right", "nDCG@10"]))
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert [case.find("failure") is not None for case in suite] == [True, False]


@pytest.mark.parametrize("suffix", [".html", ".md", ".json"])
def test_each_kind_of_report_is_written(tmp_path, suffix):
    path = tmp_path / "deep" / f"report{suffix}"
    write_report(path, [make_hostile_run()], None, [])
    text = path.read_text("utf-8")
    assert "right" in text
    if suffix == ".json":
        assert json.loads(text)["runs"][0]["metrics"]["right"] == 1


def test_a_report_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="cannot be written"):
        write_report(tmp_path / "file" / "out.html", [make_hostile_run()], None, [])


def test_a_plot_puts_points_where_they_belong():
    svg = draw_lines("t", [Line("x", [(0, 0), (1, 1)])], Axis("a"), Axis("b"))
    assert 'd="M48.0 220.0L408.0 10.0"' in svg


def test_an_axis_in_powers_of_ten_has_round_ticks():
    axis = Axis("ms", 5, 2000, log=True)
    assert axis.ticks() == [10, 30, 100, 300, 1000]
    assert axis.place(100) == pytest.approx(0.5)
    assert Axis("n", 0, 7).ticks() == [0, 2, 4, 6]


@pytest.fixture
def marked_report(tmp_path):
    """A report on a question with its gold in a passage, and on one withheld."""
    text = "😀 Nicaragua followed Russia on 3 September."
    start = text.index("Nicaragua")
    case = make_case("q1", "Nicaragua")
    span = replace(case.spans[0], start=start, end=start + 9, evidence_start=0, evidence_end=20)
    case = replace(case, spans=(span,), question="Who followed?")
    passage = make_passage("T", text, len(text))
    result = make_result(case, "x", evidence_rank=1)
    result = replace(result, answer={**result.answer, "passages": [passage]})
    other = make_result(replace(make_case("q2"), question="Who won the cup?"))
    path = tmp_path / "report.html"
    write_report(path, [make_small_run("x", [result, other])], None, [])
    return path


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_reader_finds_the_marked_passage_of_a_question(marked_report, chromium, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = chromium.new_page(color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(marked_report.as_uri())
    page.get_by_label("Words").fill("followed")
    assert page.locator("#count").inner_text() == "1 questions"
    page.get_by_role("button", name="Who followed?").press("Enter")
    assert page.locator("blockquote mark.gold").inner_text() == "Nicaragua"
    assert asked == [marked_report.as_uri()]
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    page.close()
