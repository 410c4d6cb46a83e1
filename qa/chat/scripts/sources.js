// The sources pane: cards and citations find each other, across turns.

const panes = new Map(); // turn → the HTML of its sources, as long as this page lives

const currentPane = () => element.querySelector(".dl-pane[data-turn]");

const stampOf = new Map(); // turn → when what is kept of it was made

const keepPane = (pane) => {
  const { turn, stamp } = pane.dataset;
  if (panes.has(turn) && stampOf.get(turn) === stamp) return;
  panes.set(turn, pane.outerHTML);
  stampOf.set(turn, stamp);
};

const rememberPane = () => {
  const pane = currentPane();
  if (pane) keepPane(pane);
  else if (element.querySelector(".dl-pane-empty")) panes.clear(); // cleared: numbers start again
  const others = element.querySelector("template[data-panes]"); // of a conversation opened again
  others?.content.querySelectorAll(".dl-pane").forEach(keepPane);
  others?.remove();
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
  document.querySelectorAll(group).forEach((other) => other.classList.remove("is-current"));
  node.classList.add("is-current");
};

const showCard = (turn, number) => {
  const pane = showPane(turn);
  const card = pane?.querySelector(`[data-card="${CSS.escape(number)}"]`);
  if (!card) return;
  for (let fold = card.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  setCurrent(card, ".dl-card, .dl-reprint");
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

whenSettled(rememberPane);
whenClicked("cite", (button) => showCard(button.dataset.turn, button.dataset.cite));
whenClicked("back", (button) => {
  showCitation(button.closest("[data-turn]").dataset.turn, button.dataset.back);
});
whenClicked("pane", (button) => {
  const pane = showPane(button.dataset.pane);
  pane?.scrollIntoView({ block: "nearest", behavior: behavior() });
  pane?.querySelector("h2")?.focus({ preventScroll: true });
});
