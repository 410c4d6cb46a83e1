// Judging an answer: a bar under it, and a button on each of its sources. What is said becomes a
// case of the library (qa/chat/feedback.py); pressing a pressed button takes it back.

const judged = new Map(); // turn → the answer to judge and what the library keeps on it
const THUMB =
  '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path fill="none" ' +
  'stroke="currentColor" stroke-width="1.8" stroke-linejoin="round" d="M7 10.5v9H3.5v-9zm0 0 ' +
  "4-7c1.6 0 2.6 1.2 2.3 2.7L12.6 9.5h6c1.3 0 2.2 1.2 1.9 2.5l-1.5 6c-.2.9-1 1.5-1.9" +
  ' 1.5H7z"/></svg>';

const judgeButton = (name, text, icon) => {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.judgeAs = name;
  button.className = icon ? "dl-thumb" : "dl-judge";
  if (icon) {
    button.innerHTML = THUMB;
    button.title = text;
    button.setAttribute("aria-label", text);
    button.toggleAttribute("data-down", name === "wrong");
  } else button.textContent = text;
  if (name !== "note") button.setAttribute("aria-pressed", "false");
  return button;
};

const buildBar = (answer, turn, state) => {
  const bar = document.createElement("div");
  bar.className = "dl-feedback";
  bar.setAttribute("role", "group");
  bar.dataset.turn = turn;
  const asked = document.createElement("span");
  asked.textContent = say(state.answered ? "feedback.ask" : "feedback.ask_nothing");
  bar.setAttribute("aria-label", asked.textContent);
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  bar.append(
    asked,
    judgeButton("right", say("feedback.right"), true),
    judgeButton("wrong", say("feedback.wrong"), true),
    ...(state.answered ? [judgeButton("nothing", say("feedback.nothing"))] : []),
    judgeButton("note", say("feedback.note")),
    status,
  );
  answer.append(bar);
};

const isMarked = (state, view) => {
  const [start] = view.quote ?? view.passage;
  return state.kept.evidence.some(([article, first]) => article === view.article && first === start);
};

const showKept = (turn) => {
  const state = judged.get(turn);
  document.querySelectorAll(`.dl-feedback[data-turn="${CSS.escape(turn)}"] button`).forEach((button) => {
    if (button.dataset.judgeAs !== "note") {
      button.setAttribute("aria-pressed", String(state.kept.verdict === button.dataset.judgeAs));
    }
  });
  const pane = currentPane();
  if (pane?.dataset.turn !== turn) return;
  pane.querySelectorAll("[data-judge-passage]").forEach((button) => {
    const view = JSON.parse(button.closest(".dl-card").querySelector("[data-open]").dataset.open);
    button.setAttribute("aria-pressed", String(isMarked(state, view)));
  });
};

const addFeedback = () => {
  conversation()
    ?.querySelectorAll(".dl-answer[data-judge]")
    .forEach((answer) => {
      if (answer.querySelector(".dl-feedback")) return;
      const { turn } = answer.dataset;
      const fresh = JSON.parse(answer.dataset.judge);
      const known = judged.get(turn);
      if (known?.source !== answer.dataset.judge) {
        judged.set(turn, { ...fresh, source: answer.dataset.judge });
      }
      buildBar(answer, turn, judged.get(turn));
      showKept(turn);
    });
  const pane = currentPane();
  if (!pane || !judged.has(pane.dataset.turn)) return;
  let added = false;
  pane.querySelectorAll(".dl-card > .dl-actions").forEach((actions) => {
    if (actions.querySelector("[data-judge-passage]") || !actions.querySelector("[data-open]")) return;
    const button = judgeButton("passage", say("feedback.passage"));
    delete button.dataset.judgeAs;
    button.dataset.judgePassage = "";
    const title = actions.closest(".dl-card").querySelector("h3")?.textContent ?? "";
    button.setAttribute("aria-label", say("feedback.passage_label", { title }));
    actions.append(button);
    added = true;
  });
  if (added) showKept(pane.dataset.turn);
};

const sendJudgement = async (turn, verdict, more = {}) => {
  const state = judged.get(turn);
  const answer = conversation().querySelector(`.dl-answer[data-turn="${CSS.escape(turn)}"]`);
  const { question, answered, place, date, text } = state;
  let result;
  try {
    result = await server.judge({
      library: libraryOf(answer), question, answered, place, date, text, verdict, ...more,
    });
  } catch {
    result = { error: say("page.no_server") };
  }
  const status = answer.querySelector(".dl-feedback [role=status]");
  if (status) status.textContent = result.error ?? result.message;
  if (!result.error) state.kept = result.kept;
  showKept(turn);
  return !result.error;
};

const openNote = (bar) => {
  const known = bar.querySelector("form");
  if (known) {
    known.remove();
    bar.querySelector("[data-judge-as=note]").focus();
    return;
  }
  const form = document.createElement("form");
  const field = document.createElement("textarea");
  field.rows = 2;
  field.maxLength = 2000;
  field.dir = "auto";
  field.value = judged.get(bar.dataset.turn).kept.note;
  field.setAttribute("aria-label", say("feedback.note_label"));
  const save = judgeButton("", say("feedback.note_save"));
  delete save.dataset.judgeAs;
  save.removeAttribute("aria-pressed");
  save.type = "submit";
  form.append(field, save);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await sendJudgement(bar.dataset.turn, "note", { note: field.value })) openNote(bar);
  });
  bar.querySelector("[role=status]").before(form);
  field.focus();
};

whenSettled(addFeedback);
whenClicked("judgeAs", (button) => {
  const bar = button.closest(".dl-feedback");
  const { turn } = bar.dataset;
  const verdict = button.dataset.judgeAs;
  if (verdict === "note") openNote(bar);
  else sendJudgement(turn, judged.get(turn).kept.verdict === verdict ? "withdrawn" : verdict);
});
whenClicked("judgePassage", (button) => {
  const { turn } = button.closest(".dl-pane").dataset;
  const { article, digest, passage, quote, span } = JSON.parse(
    button.closest(".dl-card").querySelector("[data-open]").dataset.open,
  );
  sendJudgement(turn, "passage", { place: { article, digest, passage, quote, span } });
});
