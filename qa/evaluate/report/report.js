"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const body = $("table").tBodies[0];
  const PAGE = 100;
  let shown = PAGE;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const fill = (select, values, every) => {
    const options = every ? [["", "all"], ...values.map((value) => [value, value])]
      : values.map((value, place) => [String(place), value]);
    for (const [value, text] of options) {
      const option = element("option", text);
      option.value = value;
      select.append(option);
    }
  };

  // Offsets count code points, as Python does; JavaScript's strings count UTF-16 units.
  const marked = (text, start, article, ranges) => {
    const points = Array.from(text);
    const inside = ranges
      .filter(([name, from, to]) => name === article && from < start + points.length && to > start)
      .map(([, from, to, kind]) => [Math.max(from - start, 0), Math.min(to - start, points.length), kind]);
    const edges = [...new Set([0, points.length, ...inside.flatMap(([from, to]) => [from, to])])]
      .sort((a, b) => a - b);
    const quote = element("blockquote");
    for (let place = 0; place + 1 < edges.length; place += 1) {
      const piece = points.slice(edges[place], edges[place + 1]).join("");
      const kinds = inside.filter(([from, to]) => from <= edges[place] && to >= edges[place + 1])
        .map(([, , kind]) => kind);
      quote.append(kinds.length ? element("mark", piece, [...new Set(kinds)].join(" ")) : piece);
    }
    return quote;
  };

  const describe = (row) => {
    const gold = data.gold[row.id];
    const box = element("div", undefined, "detail");
    const right = gold.answerable
      ? gold.answers.join(" · ") || `in ${gold.relevant.join(", ")}`
      : "nothing answers this";
    box.append(element("p", `Right: ${right}${gold.date ? ` (${gold.date})` : ""}`));
    box.append(element("p", `Given: ${row.text || "–"}${row.date ? ` (${row.date})` : ""}`));
    if (row.change) box.append(element("p", `Against the baseline: ${row.change}`));
    const scores = Object.entries(row.scores).map(([name, value]) => `${name} ${+value.toFixed(4)}`);
    box.append(element("p", scores.join(" · "), "where"));
    const ranges = [
      ...gold.spans.flatMap(([name, from, to, first, last]) =>
        [[name, from, to, "gold"], [name, first, last, "evidence"]]),
      ...row.citations.flatMap(([name, from, to, , words]) =>
        [[name, from, to, "quote"], ...(words ? [[name, words.start, words.end, "given"]] : [])]),
    ];
    row.citations.forEach(([name, from, , quote], place) => {
      box.append(element("p", `Citation ${place + 1}: ${name}`, "where"));
      box.append(marked(quote, from, name, ranges));
    });
    row.passages.forEach(([number, score], place) => {
      const [name, from, to, text, title] = data.passages[number];
      const relevant = gold.relevant.includes(name) ? " · relevant article" : "";
      const head = `Passage ${place + 1}: ${title ? `${title} · ` : ""}${name}:${from}–${to} · ${score}`;
      box.append(element("p", head + relevant, "where"));
      box.append(marked(text, from, name, ranges));
    });
    return box;
  };

  const toggle = (button, line, row) => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) {
      line.nextSibling.remove();
      return;
    }
    const detail = element("tr");
    const cell = element("td");
    cell.colSpan = 5;
    cell.style.maxWidth = "none";
    cell.append(describe(row));
    detail.append(cell);
    line.after(detail);
  };

  const add = (row) => {
    const line = element("tr");
    const head = element("th");
    head.scope = "row";
    const button = element("button", `${row.id}: ${data.gold[row.id].question}`);
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => toggle(button, line, row));
    head.append(button);
    const answer = row.status === "answered" ? row.text : `(${row.status.replace("_", " ")})`;
    line.append(head, element("td", row.stage), element("td", answer),
      element("td", row.confidence.toFixed(2)), element("td", row.rank ? String(row.rank) : "–"));
    body.append(line);
  };

  const show = () => {
    const words = $("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = data.runs[Number($("run").value)].rows.filter((row) => {
      const gold = data.gold[row.id];
      const text = `${row.id} ${gold.question} ${row.text}`.toLowerCase();
      return (!$("stage").value || row.stage === $("stage").value)
        && (!$("kind").value || gold.kind === $("kind").value)
        && (!$("change").value || Boolean(row.change))
        && words.every((word) => text.includes(word));
    });
    body.replaceChildren();
    rows.slice(0, shown).forEach(add);
    $("count").textContent = `${rows.length} questions`;
    $("more").hidden = rows.length <= shown;
  };

  const stages = data.runs.flatMap((run) => run.rows.map((row) => row.stage));
  fill($("run"), data.runs.map((run) => run.name), false);
  fill($("stage"), [...new Set(stages)].sort(), true);
  fill($("kind"), [...new Set(Object.values(data.gold).map((gold) => gold.kind))].sort(), true);
  fill($("change"), ["changed"], true);
  for (const id of ["run", "stage", "kind", "change", "words"]) {
    $(id).addEventListener("input", () => { shown = PAGE; show(); });
  }
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("more").addEventListener("click", () => { shown += PAGE; show(); });
  window.addEventListener("beforeprint", () => { shown = Infinity; show(); });
  show();
})();
