// What the page does beside Gradio: citations and cards find each other, articles open in place,
// quotes are copied. Gradio runs the files of this folder once, put together (base first, start
// last), with `element` (the sources pane) and `server` (Python functions) in scope. Text from the
// server is HTML with every article text escaped; nothing here turns other text into HTML.
//
// Another part of the page adds a file of its own: it may use everything here, `whenSettled(work)`
// to look at the page after it changed, and `whenClicked(name, work)` for buttons with data-NAME.

const TYPING = "input, textarea, select, [contenteditable='true']";
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const behavior = () => (calm() ? "auto" : "smooth");
const conversation = () => document.getElementById("dl-conversation");
const questionBox = () => document.querySelector("#dl-question-box textarea");
const libraryOf = (node) => node.closest("[data-library]")?.dataset.library ?? "";

// ---- words: window.dateline holds the texts of qa/chat/texts in the page's language ------------

const { language, texts } = window.dateline;
const numbers = new Intl.NumberFormat(language);
const plurals = new Intl.PluralRules(language);

const say = (key, values = {}) => {
  let text = texts[key] ?? key;
  if (typeof text === "object") {
    text = text[plurals.select(values.count ?? 0)] ?? text.many ?? text.other;
  }
  return text.replace(/\{(\w+)\}/g, (hole, name) => {
    const value = values[name] ?? hole;
    return typeof value === "number" ? numbers.format(value) : value;
  });
};
window.dateline.say = say;

// ---- what the scripts of the other tabs share ---------------------------------------------------

/** A new element with a text and a class. */
window.dateline.make = (name, text, className) => {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
};

/** Calls a server's functions for the library that is chosen; says so when it cannot be reached. */
window.dateline.callOn = (server) => async (name, payload = {}) => {
  try {
    return await server[name]({ ...payload, library: document.documentElement.dataset.library ?? "" });
  } catch {
    return { error: say("page.no_server") };
  }
};

const announcer = document.createElement("div");
announcer.className = "dl-sr";
announcer.setAttribute("role", "status");
document.body.append(announcer);
const announce = (text) => {
  announcer.textContent = text;
};

// ---- what other files hang on to --------------------------------------------------------------

const settlers = [];
const whenSettled = (work) => settlers.push(work);
const clickers = new Map();
const whenClicked = (name, work) => clickers.set(name, work);
