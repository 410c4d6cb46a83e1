// Conversations kept in this browser, carried words taken away, topics ended. A conversation is
// data (what `dateline ask --json` prints, a turn at a time); its messages are made anew by the
// server when it is reopened. Titles and dates are put on the page as text, never as HTML.

const KEPT = "dateline-talk-";
const MOST_KEPT = 2_000_000; // characters of all conversations together
let talk = null; // the id of the conversation on the page
let dropped = 0;

const storage = () => {
  try {
    return window.localStorage;
  } catch {
    return null; // the browser keeps nothing for this page
  }
};

const readTalk = (id) => {
  try {
    const found = JSON.parse(storage()?.getItem(KEPT + id) ?? "null");
    return found && Array.isArray(found.turns) ? found : null;
  } catch {
    return null;
  }
};

const listTalks = () =>
  Object.keys(storage() ?? {})
    .filter((key) => key.startsWith(KEPT))
    .map((key) => readTalk(key.slice(KEPT.length)))
    .filter(Boolean)
    .sort((one, other) => other.changed.localeCompare(one.changed));

// Room is made by letting go of the oldest; the panel says so.
const writeTalk = (kept) => {
  const text = JSON.stringify(kept);
  const others = listTalks().filter((other) => other.id !== kept.id);
  let size = text.length + others.reduce((sum, other) => sum + JSON.stringify(other).length, 0);
  const release = () => {
    const oldest = others.pop();
    if (!oldest) return false;
    storage().removeItem(KEPT + oldest.id);
    size -= JSON.stringify(oldest).length;
    dropped++;
    return true;
  };
  while (size > MOST_KEPT && release());
  for (;;) {
    try {
      storage()?.setItem(KEPT + kept.id, text);
      return Boolean(storage());
    } catch {
      if (!release()) return false; // no room at all
    }
  }
};

const seen = new Set(); // the stamps of turns that were kept: turn and time of asking
let reopening = false; // asked for, not on the page yet

const keepTurns = () => {
  const records = conversation()?.querySelectorAll(".dl-record") ?? [];
  const begun = conversation()?.querySelector(".dl-question");
  if (begun) reopening = false;
  else if (!reopening) talk = null; // cleared: what comes is another conversation
  const fresh = [...records].filter((node) => !seen.has(node.dataset.stamp));
  if (!fresh.length) return;
  const now = new Date().toISOString();
  talk ??= crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  const kept = readTalk(talk) ?? {
    id: talk, title: "", created: now, turns: [], library: document.documentElement.dataset.library ?? "",
  };
  for (const node of fresh) {
    seen.add(node.dataset.stamp);
    const record = { number: parseInt(node.dataset.stamp, 10), ...JSON.parse(node.dataset.record) };
    const place = kept.turns.findIndex((other) => other.number === record.number);
    if (place < 0) kept.turns.push(record);
    else kept.turns[place] = record;
    kept.title ||= record.answer.question.slice(0, 120);
  }
  kept.changed = now;
  writeTalk(kept);
};

whenSettled(keepTurns);

// ---- carried words, topics --------------------------------------------------------------------

whenClicked("without", (button) => {
  const without = JSON.parse(button.dataset.without);
  trigger("again", { turn: Number(button.dataset.turn), without });
  announce(say("followup.asking"));
  questionBox()?.focus({ preventScroll: true });
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#dl-new-topic")) {
    announce(say("followup.topic"));
    questionBox()?.focus({ preventScroll: true });
  }
});

// ---- the panel --------------------------------------------------------------------------------

const panel = document.createElement("dialog");
panel.className = "dl-history";
panel.setAttribute("aria-labelledby", "dl-history-title");
document.body.append(panel);
let deleted = null;

const part = (name, text, className) => {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
};

const action = (text, work, label) => {
  const button = part("button", text, "dl-link");
  button.type = "button";
  if (label) button.setAttribute("aria-label", label);
  button.addEventListener("click", work);
  return button;
};

const forServer = (kept) => ({
  title: kept.title,
  turns: kept.turns.map(({ asked, answer }) => ({ asked, answer })),
});

const openTalk = (kept) => {
  kept.turns.sort((one, other) => one.number - other.number);
  kept.turns.forEach((turn, place) => (turn.number = place + 1));
  writeTalk(kept);
  talk = kept.id;
  reopening = true;
  panel.close();
  trigger("reopen", { conversation: forServer(kept), library: kept.library });
  questionBox()?.focus({ preventScroll: true });
};

const exportTalk = async (kept, format) => {
  let result;
  try {
    result = await server.export_talk({
      conversation: forServer(kept), library: kept.library, format,
    });
  } catch {
    result = { error: say("page.no_server") };
  }
  if (result.error) {
    announce(result.error);
    panel.querySelector(".dl-history-said").textContent = result.error;
    return;
  }
  const link = part("a");
  const name = kept.title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60);
  link.href = URL.createObjectURL(new Blob([result.text], { type: result.type }));
  link.download = `${name || "dateline"}${result.suffix}`;
  link.click();
  URL.revokeObjectURL(link.href);
};

const renameTalk = (kept, row) => {
  const input = part("input");
  input.value = kept.title;
  input.maxLength = 200;
  input.setAttribute("aria-label", say("history.new_name"));
  let done = false;
  const finish = (save) => {
    if (done) return; // taking the input away blurs it
    done = true;
    const title = input.value.trim();
    if (save && title) writeTalk({ ...kept, title });
    fillPanel(kept.id);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault(); // else Escape closes the panel, and Enter presses what is focused next
    finish(event.key === "Enter");
  });
  input.addEventListener("blur", () => finish(true));
  row.querySelector(".dl-history-open").replaceWith(input);
  input.select();
  input.focus();
};

const deleteTalk = (kept) => {
  storage()?.removeItem(KEPT + kept.id);
  deleted = kept;
  fillPanel();
  panel.querySelector(".dl-history-said button").focus();
};

const describeTalk = (kept) => {
  const date = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const when = new Date(kept.changed);
  const count = say("history.questions", { count: kept.turns.length });
  return `${Number.isNaN(when.getTime()) ? "" : date.format(when)} · ${count}`;
};

const makeRow = (kept) => {
  const row = part("li");
  row.dataset.talk = kept.id;
  const open = action(kept.title, () => openTalk(kept));
  open.className = "dl-history-open";
  open.dir = "auto";
  if (kept.id === talk) open.setAttribute("aria-current", "true");
  const actions = part("div", undefined, "dl-history-actions");
  const named = (key) => say(`history.${key}_long`, { title: kept.title });
  actions.append(action(say("history.rename"), () => renameTalk(kept, row), named("rename")));
  for (const [suffix, label] of [[".md", "Markdown"], [".json", "JSON"], [".html", "HTML"]]) {
    const long = say("history.export_long", { format: label, title: kept.title });
    actions.append(action(label, () => exportTalk(kept, suffix), long));
  }
  actions.append(action(say("history.delete"), () => deleteTalk(kept), named("delete")));
  row.append(open, part("p", describeTalk(kept)), actions);
  return row;
};

const fillPanel = (focused) => {
  const talks = listTalks();
  const bar = part("div", undefined, "dl-history-bar");
  const title = part("h2", say("history.title"));
  title.id = "dl-history-title";
  const close = part("button", say("view.close"));
  close.type = "button";
  close.addEventListener("click", () => panel.close());
  bar.append(title, close);
  const said = part("p", undefined, "dl-history-said");
  said.setAttribute("role", "status");
  if (deleted) {
    const undone = deleted;
    said.append(
      say("history.deleted", { title: undone.title }), " ",
      action(say("history.undo"), () => {
        writeTalk(undone);
        deleted = null;
        fillPanel(undone.id);
      }),
    );
  }
  const list = part("ul", undefined, "dl-history-list");
  list.append(...talks.map(makeRow));
  const notes = [say(storage() ? "history.where" : "history.nowhere")];
  if (dropped) notes.push(say("history.dropped", { count: dropped }));
  const body = talks.length ? list : part("p", say("history.empty"), "dl-aside");
  panel.replaceChildren(bar, said, body, part("p", notes.join(" "), "dl-aside"));
  const row = focused && [...list.children].find((item) => item.dataset.talk === focused);
  row?.querySelector("button").focus();
};

whenClicked("history", () => {
  deleted = null;
  fillPanel();
  panel.showModal();
});
panel.addEventListener("click", (event) => {
  if (event.target === panel) panel.close();
});
