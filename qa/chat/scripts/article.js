// The article view: the whole article in place, cited passages marked.

const view = document.createElement("dialog");
view.className = "dl-view";
view.setAttribute("aria-labelledby", "dl-view-title");
view.innerHTML = `
  <div class="dl-view-bar">
    <span class="dl-view-place" role="status"></span>
    <button type="button" data-step="-1" aria-label="${say("view.previous.long")}">↑ ${say("view.previous")}</button>
    <button type="button" data-step="1" aria-label="${say("view.next.long")}">↓ ${say("view.next")}</button>
    <button type="button" data-close aria-label="${say("view.close.long")}">${say("view.close")}</button>
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
  const leftOut = viewScroll.querySelector(".dl-left-out");
  const key = leftOut ? "view.left_out_place" : stops.length > 1 ? "view.place" : "view.one";
  viewPlace.textContent = say(key, { number: stop + 1, total: stops.length });
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
    viewScroll.innerHTML = '<h2 id="dl-view-title" tabindex="-1"></h2><p></p>';
    viewScroll.querySelector("h2").textContent = say("view.unavailable");
    viewScroll.querySelector("p").textContent = result.error;
  } else {
    viewScroll.innerHTML = `<article>${result.head}${result.body}</article>`;
  }
  const marks = chosen.boilerplate ? ".dl-boilerplate" : "[data-stop]";
  stops = [...viewScroll.querySelectorAll(marks)];
  viewPlace.textContent = "";
  view.querySelectorAll("[data-step]").forEach((button) => {
    button.hidden = stops.length < 2;
  });
  const wanted = stops.findIndex((node) => node.dataset.stop === String(chosen.number));
  viewScroll.scrollTop = 0;
  if (chosen.boilerplate && !result.error) {
    viewScroll.querySelector("article").classList.add("dl-left-out");
    if (!stops.length) viewPlace.textContent = say("view.nothing_left_out");
  }
  if (stops.length) showStop(Math.max(wanted, 0), "auto");
  else viewScroll.querySelector(".dl-cited-passage")?.scrollIntoView({ block: "center" });
};

const openArticle = async (button) => {
  const chosen = JSON.parse(button.dataset.open);
  const ticket = ++opening;
  opener = button;
  stops = [];
  viewPlace.textContent = say("view.opening");
  viewScroll.replaceChildren();
  view.showModal();
  document.documentElement.classList.add("dl-locked");
  let result;
  try {
    result = await server.open_article({
      library: libraryOf(button),
      article: chosen.article,
      digest: chosen.digest,
      focus: (chosen.quote ?? chosen.passage)[0],
      cited: chosen.plain ? [] : citedRuns(chosen, button.closest(".dl-timeline") ?? currentPane()),
    });
  } catch {
    result = { error: say("page.no_server") };
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

// In the article, n and p go through the marks, whatever has the focus.
view.addEventListener("keydown", (event) => {
  const step = { n: 1, p: -1 }[event.key];
  if (step && !event.ctrlKey && !event.metaKey && !event.altKey) showStop(stop + step);
});

whenClicked("open", openArticle);
