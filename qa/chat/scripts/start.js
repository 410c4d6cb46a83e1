// Events of the whole page, and what Gradio leaves undone; everything above is defined by now.

// ---- clicks and keys --------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  closeCopyMenus(target);
  const button = target.closest("button");
  if (!button) return;
  if (button === filterToggle()) openFilters(button.getAttribute("aria-expanded") !== "true");
  const name = [...clickers.keys()].find((known) => button.dataset[known] !== undefined);
  if (name) clickers.get(name)(button);
});

// The arrows go through the citations of an answer and through the cards of its sources.
const LISTS = [
  [".dl-cite", ".dl-answer", ["ArrowRight", "ArrowLeft"]],
  [".dl-card", ".dl-pane", ["ArrowDown", "ArrowUp"]],
];

const stepThrough = (event) => {
  for (const [item, list, [forward, back]] of LISTS) {
    if (!event.target.matches?.(item)) continue;
    const step = { [forward]: 1, [back]: -1 }[event.key];
    if (!step) continue;
    const all = [...event.target.closest(list).querySelectorAll(item)].filter(
      (node) => node.checkVisibility(),
    );
    const next = all[all.indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest", behavior: behavior() });
  }
};

const closeOpened = (event) => {
  document.querySelectorAll("details.dl-copy[open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  const tipped = document.querySelector(".dl-tipped:hover, .dl-tipped:focus-within");
  tipped?.setAttribute("data-quiet", "");
  if (event.target.closest?.("#dl-filters")) {
    openFilters(false);
    filterToggle().focus();
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") closeOpened(event);
  else if (event.key === "/" && !view.open && !event.target.closest?.(TYPING)) {
    event.preventDefault();
    questionBox()?.focus();
  } else stepThrough(event);
});

// An explanation that Escape put away comes back with the next visit.
for (const name of ["mouseout", "focusout"]) {
  document.addEventListener(name, (event) => {
    const tipped = event.target.closest?.(".dl-tipped[data-quiet]");
    if (tipped && !tipped.contains(event.relatedTarget)) tipped.removeAttribute("data-quiet");
  });
}

// ---- the language -----------------------------------------------------------------------------

whenClicked("language", (button) => {
  document.cookie = `dateline-language=${button.dataset.language}; path=/; max-age=31536000; samesite=lax`;
  location.reload();
});

whenSettled(() => {
  document.querySelectorAll("[data-language]").forEach((button) => {
    const pressed = String(button.dataset.language === language);
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  });
});

// ---- what Gradio leaves undone ----------------------------------------------------------------

// Gradio names a message "bot's message: a component of type html"; without it, a screen reader
// reads the message itself. Its list of examples has no list items, and its log has a name that is
// not ours.
whenSettled(() => {
  const chat = conversation();
  if (!chat) return;
  chat.querySelectorAll("[data-testid='bot'], [data-testid='user']").forEach((node) => {
    if (node.hasAttribute("aria-label")) node.removeAttribute("aria-label");
  });
  chat.querySelector(".examples[role='list']")?.setAttribute("role", "group");
  const log = chat.querySelector("[role='log']");
  if (log && log.getAttribute("aria-label") !== say("ask.log")) {
    log.setAttribute("aria-label", say("ask.log"));
  }
  // The box's label holds the Ask button too, which would be read as part of its name.
  const box = questionBox();
  if (box && !box.hasAttribute("aria-label")) box.setAttribute("aria-label", say("ask.box"));
});

// The newest question stands at the top, so that its answer is read from where it begins.
let lastAnswer = "";
let askedBefore = 0;
whenSettled(() => {
  const chat = conversation();
  if (!chat) return;
  const answers = chat.querySelectorAll(".dl-answer");
  const latest = answers[answers.length - 1];
  if (!latest) lastAnswer = "";
  const asked = chat.querySelectorAll(".dl-question");
  const answered = latest && latest.dataset.turn !== lastAnswer;
  if (answered) {
    lastAnswer = latest.dataset.turn;
    element.closest("#dl-right")?.scrollTo({ top: 0 });
  }
  if (asked.length && (answered || asked.length > askedBefore)) {
    asked[asked.length - 1].scrollIntoView({ block: "start", behavior: behavior() });
  }
  askedBefore = asked.length;
});

const settle = () => settlers.forEach((work) => work());
new MutationObserver(settle).observe(document.querySelector("gradio-app") ?? document.body, {
  childList: true,
  subtree: true,
});
settle();
if (matchMedia("(pointer: fine)").matches) questionBox()?.focus({ preventScroll: true });
