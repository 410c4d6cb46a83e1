"""The page: the conversation on the left, the sources on the right, the library in its own tab."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index import (
    Article,
    ArticleNotFoundError,
    ArticleSummary,
    DatelineError,
    Passage,
    QuestionError,
)
from qa.chat.actions import as_function
from qa.chat.article import ViewRequest, render_article, render_neighbours
from qa.chat.assets import read_scripts
from qa.chat.evaluation.tab import build_evaluate
from qa.chat.examples import choose_questions, render_welcome
from qa.chat.feedback import Feedback, attach_feedback
from qa.chat.filters import build_filters, build_toggle, note_filters, read_filters
from qa.chat.frame import (
    render_hint,
    render_history_button,
    render_masthead,
    render_nothing_yet,
)
from qa.chat.history import find_articles, record_turn
from qa.chat.libraries import Libraries
from qa.chat.shelf import build_shelf
from qa.chat.sources import render_reading
from qa.chat.talk import Talk, connect_talk, dress_reply, tie_to_library
from qa.chat.texts import BUILDING, say, speaking
from qa.chat.timeline import parse_request, render_timeline
from qa.chat.transcript import render_error, render_question, render_stage
from qa.chat.turns import TURNS_KEPT, Turn, list_past, show_turns
from qa.chat.understood import render_record
from qa.chat.uploads import Uploads
from qa.followups import remember_turn
from qa.output.records import check_shape, write_json
from qa.output.render import answer_to_dict

if TYPE_CHECKING:
    from gradio import Blocks

logger = logging.getLogger(__package__)

AT_ONCE = 20
CHOSEN_JS = """(...fields) => [
  ...fields.slice(0, -1), document.documentElement.dataset.library ?? "",
]"""
"""Gives with a question the library that this window is about, as it is at that moment."""
LONGEST_QUESTION = 2000
"""Characters; what is longer is no question, and would not be read to its end."""


class Chat:
    """What the page does with a question, an article and a library; holds nothing of a user.

    Every request names its library, so that two windows may use two; no name means the first.
    """

    def __init__(self, libraries: Libraries) -> None:
        self.libraries = libraries
        self.talk = Talk(libraries)

    def ask(
        self,
        question: str,
        turns: list[Turn],
        after: str = "",
        before: str = "",
        sources: list[str] | None = None,
        languages: list[str] | None = None,
        library: str = "",
    ) -> Iterator[tuple[Any, ...]]:
        """Updates of conversation, sources, question box and turns: a stage, then the answer.

        Whatever goes wrong becomes one sentence of the conversation; a question that was not asked
        because of a filter stays in the box.
        """
        import gradio as gr

        number = turns[-1].number + 1 if turns else 1
        asked = render_question(question.strip())
        try:
            opened = self.libraries.get(library)
            searching = say("stage.searching", count=len(opened.library))
            check_length(question)
            filters = read_filters(after, before, sources, languages)
        except DatelineError as error:
            kept = [*turns, Turn(number, asked, render_error(str(error)))][-TURNS_KEPT:]
            yield show_turns(kept), gr.skip(), gr.skip(), kept
            return
        waiting = Turn(number, asked, render_stage(searching))
        yield show_turns([*turns, waiting]), gr.skip(), "", gr.skip()
        pane: Any = gr.skip()
        past, record = None, ""
        try:
            found = opened.assistant.find(question, filters=filters, after=list_past(turns))
            if found.hits:
                stage = render_stage(say("stage.reading", count=len(found.hits)))
                passages: Any = gr.skip()
                if found.settings.reads:  # else the answer is there before they could be looked at
                    passages = render_reading(found.hits, question.strip(), number)
                    passages = tie_to_library(passages, opened.name)
                yield show_turns([*turns, replace(waiting, reply=stage)]), passages, "", gr.skip()
            answer = opened.assistant.answer(found)
            notes = (*note_filters(filters), *answer.notes, *self._note_library(opened.name))
            answer = replace(answer, notes=notes)
            reply, pane = self.talk.render(answer, number, filters, opened.name)
            past = remember_turn(answer)
            reply = attach_feedback(reply, answer, opened.path)
            reply = dress_reply(reply, answer, number)
            record = render_record(record_turn(answer), number)
        except DatelineError as error:
            reply = render_error(str(error))
        except Exception:
            logger.exception("The question could not be answered.")
            reply = render_error(say("ask.fault"))
        turn = Turn(
            number, asked, reply, question.strip(), past, filters, opened.name, record=record
        )
        kept = [*turns, turn][-TURNS_KEPT:]
        yield show_turns(kept), pane, gr.skip(), kept

    def answer_json(
        self,
        question: str,
        published_after: str = "",
        published_before: str = "",
        sources: list[str] | None = None,
        languages: list[str] | None = None,
        library: str = "",
    ) -> dict[str, Any]:
        """The answer as the JSON object of ``dateline ask --json``, from articles that pass.

        Dates are ISO or prefixes of one and inclusive; sources and languages are alternatives.
        Of several libraries the first one answers, unless ``library`` names another.
        """
        import gradio as gr

        try:
            filters = read_filters(published_after, published_before, sources, languages)
            assistant = self.libraries.get(library).assistant
            answer = assistant.ask(question, filters=filters)
            return dict(json.loads(write_json(answer_to_dict(answer))))
        except DatelineError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def open_article(self, payload: object) -> dict[str, Any]:
        """The article view for the page, or ``error``: a sentence on why there is none."""
        return self._show(payload, render_article)

    def show_neighbours(self, payload: object) -> dict[str, Any]:
        """What stands around a passage, or ``error``: a sentence on why it cannot be shown."""
        return self._show(payload, render_neighbours)

    def show_timeline(self, payload: object) -> dict[str, Any]:
        """The timeline of an answer as ``html``, or ``error``: a sentence on why there is none."""
        try:
            question, filters = parse_request(payload)
            opened = self.libraries.named_in(payload)
            entries = opened.assistant.timeline(question, filters=filters)
            articles = find_articles({entry.article for entry in entries}, opened.library)
            return {"html": render_timeline(entries, articles)}
        except (DatelineError, ValueError) as error:
            return {"error": say("timeline.failed", reason=error)}

    def _note_library(self, name: str) -> tuple[str, ...]:
        """Which library answered, where there are several."""
        several = len(self.libraries.list_offered()) > 1
        return (say("answer.from_library", name=name),) if several else ()

    def _show(
        self,
        payload: object,
        render: Callable[[Article, Sequence[Passage], ViewRequest], dict[str, Any]],
    ) -> dict[str, Any]:
        try:
            request = check_shape(ViewRequest, payload)
            library = self.libraries.named_in(payload).library
            article = library.article(request.article)
            return render(article, library.passages(article.id), request)
        except ArticleNotFoundError:
            return {"error": say("view.removed")}
        except (DatelineError, ValueError) as error:
            return {"error": say("view.failed", reason=error)}

    def articles(self, library: str = "") -> list[ArticleSummary]:
        """What a library holds now; nothing when it is not there any more."""
        try:
            return self.libraries.get(library).library.articles()
        except DatelineError:
            return []

    def welcome(self, library: str = "") -> dict[str, Any]:
        """What the empty conversation shows for a library as it is now."""
        articles = self.articles(library)
        questions = choose_questions([item.id for item in articles])
        return {
            "placeholder": render_welcome(articles),
            "examples": [{"text": question} for question in questions],
        }


def check_length(question: str) -> None:
    """Nothing, for a question that can be read to its end.

    Raises:
        QuestionError: it is too long to be one.
    """
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(say("ask.too_long", count=len(question), limit=LONGEST_QUESTION))


def build_page(libraries: Libraries, uploads: Uploads, *, may_name_paths: bool = False) -> "Blocks":
    """The page as Gradio blocks, to be mounted by ``qa.serving.server``.

    With ``may_name_paths`` whoever sees it may have files of this machine evaluated.
    """
    import gradio as gr
    from gradio.events import api

    chat = Chat(libraries)

    def refresh(library: str = "") -> tuple[Any, ...]:
        return gr.Chatbot(**chat.welcome(library)), *form.refresh(chat.articles(library))

    def ask_example(
        turns: list[Turn],
        after: str,
        before: str,
        sources: list[str] | None,
        languages: list[str] | None,
        library: str,
        event: gr.SelectData,
    ) -> Iterator[tuple[Any, ...]]:
        chosen = event.value
        question = chosen["text"] if isinstance(chosen, dict) else str(chosen)
        yield from chat.ask(question, turns, after, before, sources, languages, library)

    page: Blocks = gr.Blocks(
        title="Dateline", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    )
    with page, speaking(BUILDING):
        turns = gr.State([])
        chosen = gr.Textbox(visible=False)
        gr.HTML(render_masthead(), elem_id="dl-mast")
        with gr.Tabs(elem_id="dl-tabs"):
            with gr.Tab(say("tab.ask"), id="ask"), gr.Row(elem_id="dl-desk", equal_height=False):
                with gr.Column(scale=5, min_width=280, elem_id="dl-left"):
                    conversation = gr.Chatbot(
                        label=say("ask.log"),
                        show_label=False,
                        container=False,
                        buttons=[],
                        layout="panel",
                        autoscroll=False,
                        height=None,
                        elem_id="dl-conversation",
                        feedback_options=None,
                        **chat.welcome(),
                    )
                    box = gr.Textbox(
                        label=say("ask.box"),
                        show_label=False,
                        container=False,
                        placeholder=say("ask.placeholder"),
                        lines=1,
                        max_lines=5,
                        submit_btn=say("ask.button"),
                        elem_id="dl-question-box",
                    )
                    with gr.Row(elem_id="dl-below"):
                        gr.HTML(render_hint())
                        toggle = build_toggle()
                        topic = gr.Button(
                            say("followup.new_topic"), size="sm", elem_id="dl-new-topic", scale=0
                        )
                        gr.HTML(render_history_button(), elem_id="dl-history-place")
                        clear = gr.Button(say("ask.clear"), size="sm", elem_id="dl-clear", scale=0)
                    form = build_filters(chat.articles(), toggle)
                with gr.Column(scale=4, min_width=280, elem_id="dl-right"):
                    sources = gr.HTML(
                        render_nothing_yet(),
                        elem_id="dl-sources",
                        apply_default_css=False,
                        server_functions=[
                            as_function(chat.open_article),
                            as_function(chat.show_neighbours),
                            as_function(chat.show_timeline),
                            as_function(Feedback(libraries).judge),
                            as_function(chat.talk.export_talk),
                        ],
                        js_on_load=read_scripts(),
                    )
            with gr.Tab(say("tab.library"), id="library", render_children=True):
                build_shelf(libraries, uploads, [conversation, *form.menus], refresh)
            with gr.Tab(say("tab.evaluate"), id="evaluate", render_children=True):
                build_evaluate(libraries, uploads, may_name_paths=may_name_paths)
        outputs = [conversation, sources, box, turns]
        box.submit(
            chat.ask,
            [box, turns, *form.fields, chosen],
            outputs,
            js=CHOSEN_JS,
            show_progress="hidden",
            concurrency_limit=AT_ONCE,
            trigger_mode="once",
            api_name="ask_in_page",
            api_visibility="private",
        )
        conversation.example_select(
            ask_example,
            [turns, *form.fields, chosen],
            outputs,
            js=CHOSEN_JS,
            show_progress="hidden",
            concurrency_limit=AT_ONCE,
            trigger_mode="once",
            api_name="ask_example",
            api_visibility="private",
        )
        connect_talk(chat.talk, sources, turns, conversation, topic)
        clear.click(
            lambda: ([], render_nothing_yet(), "", []),
            None,
            outputs,
            show_progress="hidden",
            queue=False,
            api_visibility="private",
        )
        # Quick events go past the queue, so that none waits for its stream to open or close.
        page.load(
            refresh,
            None,
            [conversation, *form.menus],
            show_progress="hidden",
            queue=False,
            api_visibility="private",
        )
        api(chat.answer_json, api_name="ask", concurrency_limit=AT_ONCE)
    page.queue(default_concurrency_limit=AT_ONCE)
    return page
