"""The Evaluate tab: what its script asks of Python, and its place in the page."""

import secrets
import shutil
from dataclasses import asdict

from index.errors import DatasetError
from index.recent import Recent
from qa.chat.actions import Payload, Reply, answering, as_function
from qa.chat.assets import read_asset
from qa.chat.evaluation.caselist import delete_case, edit_case, restore_case, review_case
from qa.chat.evaluation.data import make_options
from qa.chat.evaluation.jobs import Evaluator, JobState
from qa.chat.evaluation.saved import find_folder, find_run, list_saved, render_saved
from qa.chat.evaluation.view import describe_job, render_cases, render_evaluate, render_runs
from qa.chat.judgements import cases_of
from qa.chat.libraries import Libraries, OpenLibrary
from qa.chat.texts import Say
from qa.chat.uploads import Uploads
from qa.evaluate.data.casefile import Record

DELETED_KEPT = 100


class Evaluation:
    """What the Evaluate tab does; a page names its library with every request."""

    def __init__(
        self, libraries: Libraries, uploads: Uploads, *, may_name_paths: bool = False
    ) -> None:
        self.libraries = libraries
        self.uploads = uploads
        self.evaluator = Evaluator()
        # Who sees the page from elsewhere, or is not known, must not look for files here.
        self._may_name_paths = may_name_paths
        self._deleted: Recent[str, tuple[str, Record]] = Recent(DELETED_KEPT)

    @answering
    def open_evaluate(self, payload: Payload, say: Say) -> Reply:
        """The tab's HTML for the library that the page is about."""
        opened = self.libraries.named_in(payload)
        system = opened.assistant.settings.system
        html = render_evaluate(say, opened.name, system, may_name_paths=self._may_name_paths)
        return {"html": html, "job": self._describe(self.evaluator.state, say)}

    @answering
    def start_evaluation(self, payload: Payload, say: Say) -> Reply:
        """Begin an evaluation; gives how it stands."""
        opened = self.libraries.named_in(payload)
        if self.evaluator.state.state in ("running", "stopping"):
            raise DatasetError(say("evaluate.busy"))
        options = make_options(opened, payload, self.uploads, may_name_paths=self._may_name_paths)
        state = self.evaluator.start(options, find_folder(opened.path), opened.name)
        return {"job": self._describe(state, say)}

    @answering
    def watch_evaluation(self, payload: Payload, say: Say) -> Reply:
        """How the evaluation stands."""
        return {"job": self._describe(self.evaluator.state, say)}

    @answering
    def stop_evaluation(self, payload: Payload, say: Say) -> Reply:
        """End the evaluation; what is done is kept."""
        return {"job": self._describe(self.evaluator.stop(), say)}

    @answering
    def resume_evaluation(self, payload: Payload, say: Say) -> Reply:
        """Go on with the evaluation that was stopped."""
        return {"job": self._describe(self.evaluator.resume(), say)}

    @answering
    def list_runs(self, payload: Payload, say: Say) -> Reply:
        """The saved runs of the library."""
        return {
            "html": render_runs(say, list_saved(find_folder(self.libraries.named_in(payload).path)))
        }

    @answering
    def show_report(self, payload: Payload, say: Say) -> Reply:
        """The report of one run, or of several against the oldest, as a page of its own."""
        named = payload.get("runs")
        names = [str(name) for name in named] if isinstance(named, list) else []
        return {"html": render_saved(find_folder(self.libraries.named_in(payload).path), names)}

    @answering
    def delete_run(self, payload: Payload, say: Say) -> Reply:
        """Delete a saved run."""
        folder = find_folder(self.libraries.named_in(payload).path)
        try:
            shutil.rmtree(find_run(folder, str(payload.get("run") or "")))
        except OSError as error:
            raise DatasetError(f"The run cannot be deleted: {error.strerror}.") from error
        return {"message": say("evaluate.run_deleted")}

    @answering
    def list_cases(self, payload: Payload, say: Say) -> Reply:
        """The cases of the library."""
        opened = self.libraries.named_in(payload)
        cases = cases_of(opened.path)
        return {"html": render_cases(say, opened.library, cases.list_cases(), cases.path)}

    @answering
    def change_case(self, payload: Payload, say: Say) -> Reply:
        """Review, edit, delete or restore a case."""
        opened = self.libraries.named_in(payload)
        cases = cases_of(opened.path)
        case_id, action = str(payload.get("id") or ""), payload.get("action")
        if action in ("review", "unreview"):
            review_case(cases, case_id, reviewed=action == "review")
        elif action == "edit":
            fields = payload.get("fields")
            edit_case(opened.library, cases, case_id, fields if isinstance(fields, dict) else {})
        elif action == "delete":
            return self._delete(opened, case_id, say)
        elif action == "restore":
            known = self._deleted.take(case_id)
            if known is None:
                raise DatasetError(say("evaluate.no_undo"))
            restore_case(cases_of(self.libraries.get(known[0]).path), known[1])
            return {"message": say("evaluate.restored")}
        return {"message": say("evaluate.saved")}

    def _delete(self, opened: OpenLibrary, case_id: str, say: Say) -> Reply:
        record = delete_case(cases_of(opened.path), case_id)
        token = secrets.token_urlsafe(8)
        self._deleted.put(token, (opened.name, record))
        return {"message": say("evaluate.deleted"), "undo": token}

    def _describe(self, state: JobState, say: Say) -> Reply:
        standing = asdict(state.standing)
        return {
            "number": state.number,
            "state": state.state,
            "library": state.library,
            "run": state.run,
            "text": describe_job(say, state),
            "done": standing["done"],
            "total": standing["total"],
        }


def build_evaluate(libraries: Libraries, uploads: Uploads, *, may_name_paths: bool) -> None:
    """The Evaluate tab, inside the page that is being built."""
    import gradio as gr

    tab = Evaluation(libraries, uploads, may_name_paths=may_name_paths)
    actions = (
        tab.open_evaluate, tab.start_evaluation, tab.watch_evaluation, tab.stop_evaluation,
        tab.resume_evaluation, tab.list_runs, tab.show_report, tab.delete_run, tab.list_cases,
        tab.change_case,
    )  # fmt: skip
    gr.HTML(
        '<div class="dl-evaluate-root"></div>',
        elem_id="dl-evaluate",
        apply_default_css=False,
        padding=False,
        server_functions=[as_function(action) for action in actions],
        js_on_load=read_asset("evaluation/evaluation.js"),
    )
