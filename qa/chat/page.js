// What the page does beside Gradio: citations and cards find each other, articles open in place,
// quotes are copied. Gradio runs this once, with `element` (the sources pane) and `server`
// (Python functions) in scope. Text from the server is HTML with every article text escaped;
// nothing here turns other text into HTML.

const TYPING = "input, textarea, select, [contenteditable='true']";
const panes = new Map(); // turn → the HTML of its sources, as long as this page lives
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const behavior = () => (calm() ? "auto" : "smooth");
const conversation = () => document.getElementById("dl-conversation");
const questionBox = () => document.querySelector("#dl-question-box textarea");

const announcer = document.createElement("div");
announcer.className = "dl-sr";
announcer.setAttribute("role", "status");
document.body.append(announcer);
const announce = (text) => {
  announcer.textContent = text;
};

// ---- the sources pane -------------------------------------------------------------------------

const currentPane = () => element.querySelector(".dl-pane[data-turn]");

const rememberPane = () => {
  const pane = currentPane();
  if (!pane) panes.clear(); // the conversation was cleared: its numbers start again
  else if (!panes.has(pane.dataset.turn)) panes.set(pane.dataset.turn, pane.outerHTML);
};

const showPane = (turn) => {
  const pane = currentPane();
  if (pane?.dataset.turn === turn) return pane;
  if (!panes.has(turn)) return null;
  const holder = pane ?? element.querySelector(".dl-pane");
  holder.outerHTML = panes.get(turn); // our own HTML, as it came
  return currentPane();
};

const setCurrent = (node, group) => {
  document.querySelectorAll(`${group}.is-current`).forEach((other) => {
    if (other !== node) other.classList.remove("is-current");
  });
  node.classList.add("is-current");
};

const showCard = (turn, number) => {
  const pane = showPane(turn);
  const card = pane?.querySelector(`[data-card="${CSS.escape(number)}"]`);
  if (!card) return;
  setCurrent(card, ".dl-card");
  card.scrollIntoView({ block: "nearest", behavior: behavior() });
  card.focus({ preventScroll: true });
};

const showCitation = (turn, number) => {
  const found = conversation()?.querySelector(
    `.dl-cite[data-turn="${CSS.escape(turn)}"][data-cite="${CSS.escape(number)}"]`,
  );
  if (!found) return;
  setCurrent(found, ".dl-cite");
  found.scrollIntoView({ block: "nearest", behavior: behavior() });
  found.focus({ preventScroll: true });
};

// ---- the article view -------------------------------------------------------------------------

const view = document.createElement("dialog");
view.className = "dl-view";
view.setAttribute("aria-labelledby", "dl-view-title");
view.innerHTML = `
  <div class="dl-view-bar">
    <span class="dl-view-place" role="status"></span>
    <button type="button" data-step="-1" aria-label="Previous marked sentence">↑ Previous</button>
    <button type="button" data-step="1" aria-label="Next marked sentence">↓ Next</button>
    <button type="button" data-close aria-label="Close the article (Escape)">Close</button>
  </div>
  <div class="dl-view-scroll" tabindex="0" role="region" aria-labelledby="dl-view-title"></div>`;
document.body.append(view);
const viewScroll = view.querySelector(".dl-view-scroll");
const viewPlace = view.querySelector(".dl-view-place");
let stops = [];
let stop = -1;
let opener = null;
let opening = 0;

const showStop = (index, how) => {
  if (!stops.length) return;
  stop = (index + stops.length) % stops.length;
  stops.forEach((node) => node.classList.remove("is-current"));
  const node = stops[stop];
  node.classList.add("is-current");
  node.scrollIntoView({ block: "center", behavior: how ?? behavior() });
  viewPlace.textContent = `Marked sentence ${stop + 1} of ${stops.length}`;
};

const citedRuns = (chosen, among) => {
  const runs = [];
  among?.querySelectorAll("[data-open]").forEach((button) => {
    const { article, number, passage, quote, span } = JSON.parse(button.dataset.open);
    if (article === chosen.article && (quote || passage[0] === chosen.passage[0])) {
      runs.push({ number, passage, quote, span });
    }
  });
  return runs;
};

const fillView = (result, chosen) => {
  if (result.error) {
    viewScroll.innerHTML = '<h2 id="dl-view-title" tabindex="-1">Source not available</h2><p></p>';
    viewScroll.querySelector("p").textContent = result.error;
  } else {
    viewScroll.innerHTML = `<article>${result.head}${result.body}</article>`;
  }
  stops = [...viewScroll.querySelectorAll("[data-stop]")];
  viewPlace.textContent = "";
  view.querySelectorAll("[data-step]").forEach((button) => {
    button.hidden = stops.length < 2;
  });
  const wanted = stops.findIndex((node) => node.dataset.stop === String(chosen.number));
  viewScroll.scrollTop = 0;
  if (stops.length) showStop(Math.max(wanted, 0), "auto");
  else viewScroll.querySelector(".dl-cited-passage")?.scrollIntoView({ block: "center" });
};

const openArticle = async (button) => {
  const chosen = JSON.parse(button.dataset.open);
  const ticket = ++opening;
  opener = button;
  stops = [];
  viewPlace.textContent = "Opening…";
  viewScroll.replaceChildren();
  view.showModal();
  document.documentElement.classList.add("dl-locked");
  let result;
  try {
    result = await server.open_article({
      article: chosen.article,
      digest: chosen.digest,
      focus: (chosen.quote ?? chosen.passage)[0],
      cited: chosen.plain ? [] : citedRuns(chosen, button.closest(".dl-timeline") ?? currentPane()),
    });
  } catch {
    result = { error: "The server does not answer; is Dateline still running in its terminal?" };
  }
  if (ticket === opening && view.open) {
    fillView(result, chosen);
    viewScroll.focus({ preventScroll: true });
  }
};

view.addEventListener("close", () => {
  document.documentElement.classList.remove("dl-locked");
  opening++;
  if (opener?.isConnected) opener.focus();
});
view.addEventListener("click", (event) => {
  if (event.target === view || event.target.closest("[data-close]")) view.close();
  const step = event.target.closest("[data-step]");
  if (step) showStop(stop + Number(step.dataset.step));
});

// ---- what is around a passage -----------------------------------------------------------------

const toggleAround = async (button) => {
  const card = button.closest(".dl-card");
  const passage = card.querySelector(".dl-passage");
  const shown = card.querySelectorAll(".dl-neighbour");
  if (shown.length) {
    shown.forEach((node) => node.remove());
    button.setAttribute("aria-expanded", "false");
    button.textContent = "Show what is around it";
    return;
  }
  if (button.dataset.busy !== undefined) return;
  button.dataset.busy = "";
  const chosen = JSON.parse(button.dataset.around);
  let result;
  try {
    result = await server.show_neighbours({
      article: chosen.article,
      digest: chosen.digest,
      cited: [{ passage: chosen.passage }],
    });
  } catch {
    result = { error: "The server does not answer; is Dateline still running in its terminal?" };
  }
  delete button.dataset.busy;
  const place = (where, html, text) => {
    const node = document.createElement("div");
    node.className = "dl-neighbour";
    if (html) node.innerHTML = html; // paragraphs with every text escaped
    else node.textContent = text;
    passage[where](node);
  };
  if (result.before) place("before", result.before);
  if (result.after) place("after", result.after);
  if (result.error || result.note) place("after", "", result.error || result.note);
  button.setAttribute("aria-expanded", "true");
  button.textContent = "Hide what is around it";
};

// ---- timelines --------------------------------------------------------------------------------

const fillTimeline = async (timeline) => {
  const body = timeline.querySelector(".dl-timeline-body");
  if (timeline.dataset.filled !== undefined) return;
  timeline.dataset.filled = "";
  const say = (text) => {
    const line = document.createElement("p");
    line.className = "dl-aside";
    line.textContent = text;
    body.replaceChildren(line);
  };
  say("Looking for dates…");
  let result;
  try {
    result = await server.show_timeline(JSON.parse(timeline.dataset.timeline));
  } catch {
    result = { error: "The server does not answer; is Dateline still running in its terminal?" };
  }
  if (!result.error) {
    body.innerHTML = result.html; // dates and sentences with every text escaped
    return;
  }
  say(result.error);
  delete timeline.dataset.filled; // opening it again tries again
};

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.(".dl-timeline") && event.target.open) fillTimeline(event.target);
  },
  true, // a toggle does not bubble
);

// ---- filters ----------------------------------------------------------------------------------

const filterToggle = () => document.getElementById("dl-filter-toggle");

const openFilters = (open) => {
  const left = document.getElementById("dl-left");
  left.toggleAttribute("data-filters", open);
  filterToggle().setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#dl-filters input, #dl-filters textarea")?.focus();
};

// ---- copying ----------------------------------------------------------------------------------

const copyText = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    announce(`Copied as ${button.textContent}.`);
    button.closest("details")?.setAttribute("data-copied", "");
  } catch {
    announce("The browser did not allow copying.");
    button.closest("details")?.setAttribute("data-refused", "");
  }
  setTimeout(() => {
    button.closest("details")?.removeAttribute("data-copied");
    button.closest("details")?.removeAttribute("data-refused");
  }, 2000);
  button.closest("details").open = false;
  button.closest("details").querySelector("summary").focus();
};

// ---- events -----------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  document.querySelectorAll("details.dl-copy[open]").forEach((menu) => {
    if (!menu.contains(target)) menu.open = false;
  });
  const button = target.closest("button");
  if (!button) return;
  if (button.dataset.cite) showCard(button.dataset.turn, button.dataset.cite);
  else if (button.dataset.back) {
    showCitation(button.closest("[data-turn]").dataset.turn, button.dataset.back);
  } else if (button.dataset.pane) {
    const pane = showPane(button.dataset.pane);
    pane?.scrollIntoView({ block: "nearest", behavior: behavior() });
    pane?.querySelector("h2")?.focus({ preventScroll: true });
  } else if (button.dataset.open) openArticle(button);
  else if (button.dataset.around) toggleAround(button);
  else if (button.dataset.copy !== undefined) copyText(button);
  else if (button === filterToggle()) openFilters(button.getAttribute("aria-expanded") !== "true");
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    document.querySelectorAll("details.dl-copy[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
  if (event.key === "Escape" && event.target.closest?.("#dl-filters")) {
    openFilters(false);
    filterToggle().focus();
  }
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "/" && plain && !view.open && !event.target.closest?.(TYPING)) {
    event.preventDefault();
    questionBox()?.focus();
  }
});

// ---- what Gradio leaves undone ----------------------------------------------------------------

// Gradio names a message "bot's message: a component of type html"; without it, a screen reader
// reads the message itself. Its list of examples has no list items.
const nameMessages = (root) => {
  root.querySelectorAll("[data-testid='bot'], [data-testid='user']").forEach((node) => {
    if (node.hasAttribute("aria-label")) node.removeAttribute("aria-label");
  });
  root.querySelector(".examples[role='list']")?.setAttribute("role", "group");
};

let lastAnswer = "";
let askedBefore = 0;
const settle = () => {
  rememberPane();
  const chat = conversation();
  if (!chat) return;
  nameMessages(chat);
  // The box's label holds the Ask button too, which would be read as part of its name.
  const box = questionBox();
  if (box && !box.hasAttribute("aria-label")) box.setAttribute("aria-label", "Your question");
  const toggle = filterToggle();
  if (toggle && !toggle.hasAttribute("aria-expanded")) {
    toggle.setAttribute("aria-expanded", "false");
    toggle.setAttribute("aria-controls", "dl-filters");
  }
  const answers = chat.querySelectorAll(".dl-answer");
  const latest = answers[answers.length - 1];
  if (!latest) lastAnswer = "";
  const asked = chat.querySelectorAll(".dl-question");
  const answered = latest && latest.dataset.turn !== lastAnswer;
  if (answered) {
    lastAnswer = latest.dataset.turn;
    element.closest("#dl-right")?.scrollTo({ top: 0 });
  }
  // The newest question stands at the top, so that its answer is read from where it begins.
  if (asked.length && (answered || asked.length > askedBefore)) {
    asked[asked.length - 1].scrollIntoView({ block: "start", behavior: behavior() });
  }
  askedBefore = asked.length;
};
new MutationObserver(settle).observe(document.querySelector("gradio-app") ?? document.body, {
  childList: true,
  subtree: true,
});
settle();
if (matchMedia("(pointer: fine)").matches) questionBox()?.focus({ preventScroll: true });
