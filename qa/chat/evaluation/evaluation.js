// The Evaluate tab. Gradio runs this once, with `element` and `server` (Python functions) in scope.
// HTML from the server has every text in it escaped; a report is shown in a frame that may reach
// neither this page nor the network.

const UPLOAD = "dateline/upload";
const POLL = 500;

const library = () => document.documentElement.dataset.library ?? "";
const $ = (selector) => element.querySelector(selector);
const say = (key, values) => window.dateline.say(`evaluate.${key}`, values);

const { make } = window.dateline;
const call = window.dateline.callOn(server);

const complain = (place, text) => {
  place.replaceChildren(make("p", text, "dl-error"));
  place.firstChild.setAttribute("role", "alert");
};

// ---- the tab ----------------------------------------------------------------------------------

let opened = 0;

const open = async () => {
  const ticket = ++opened;
  const result = await call("open_evaluate");
  if (ticket !== opened) return;
  const root = $(".dl-evaluate-root");
  if (result.error) {
    complain(root, result.error);
    return;
  }
  root.innerHTML = result.html; // ours, every text escaped
  showJob(result.job);
  if (going(result.job)) follow();
  await Promise.all([listRuns(), listCases()]);
};

const fill = async (place, name) => {
  const result = await call(name);
  if (!place?.isConnected) return;
  if (result.error) complain(place, result.error);
  else place.innerHTML = result.html; // ours, every text escaped
};

const listCases = () => fill($(".dl-cases"), "list_cases");

const listRuns = async () => {
  const place = $(".dl-runs");
  await fill(place, "list_runs");
  place?.querySelectorAll("time").forEach((node) => {
    const when = new Date(node.dateTime);
    const shape = { dateStyle: "medium", timeStyle: "short" };
    if (!Number.isNaN(when.getTime())) {
      node.textContent = when.toLocaleString(document.documentElement.lang || undefined, shape);
    }
  });
};

// ---- an evaluation ----------------------------------------------------------------------------

let following = 0;
const going = (job) => job.state === "running" || job.state === "stopping";

const action = (name, text, className = "dl-open") => {
  const button = make("button", text, className);
  button.type = "button";
  button.dataset[name] = "";
  return button;
};

const showJob = (job) => {
  const place = $(".dl-job");
  if (!place) return;
  place.hidden = job.state === "idle" || (job.library !== library() && library() && !going(job));
  const kept = place.dataset.shows;
  place.dataset.shows = `${job.number} ${job.state}`;
  if (kept !== place.dataset.shows) {
    const status = make("p", "", "dl-job-text");
    status.setAttribute("role", "status");
    place.replaceChildren(status);
    if (going(job)) {
      const bar = make("progress");
      bar.setAttribute("aria-label", say("progress"));
      place.append(bar, action("stop", say("cancel")));
    }
    if (job.state === "stopped" || job.state === "failed") {
      place.append(action("resume", say("resume")));
    }
    if (job.state === "done") {
      const button = action("report", say("report"));
      button.dataset.report = job.run;
      place.append(button);
    }
  }
  place.querySelector(".dl-job-text").textContent = job.text;
  const bar = place.querySelector("progress");
  if (bar && job.total) {
    bar.max = job.total;
    bar.value = job.done;
  } else bar?.removeAttribute("value");
  const stop = place.querySelector("[data-stop]");
  if (stop) stop.disabled = job.state === "stopping";
};

const follow = async () => {
  const ticket = ++following;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL));
    if (ticket !== following) return;
    const result = await call("watch_evaluation");
    if (ticket !== following) return;
    if (result.error) continue; // the server may come back
    showJob(result.job);
    if (!going(result.job)) {
      await listRuns();
      return;
    }
  }
};

const begun = (result) => {
  const error = $("[data-evaluate] .dl-form-error");
  if (error) error.textContent = result.error ?? "";
  if (result.error) return;
  showJob(result.job);
  $(".dl-job").scrollIntoView({ block: "nearest" });
  follow();
};

const send = async (file) => {
  const address = new URL(UPLOAD, document.baseURI);
  address.searchParams.set("name", file.name);
  try {
    const headers = { "X-Dateline-Page": "1" };
    const response = await fetch(address, { method: "POST", body: file, headers });
    return await response.json();
  } catch {
    return { error: window.dateline.say("page.no_server") };
  }
};

const start = async (form, changes = {}) => {
  const fields = new FormData(form);
  const data = { kind: fields.get("kind"), reviewed: fields.get("reviewed") !== null, ...changes };
  data.location = fields.get("path") ?? "";
  if (data.kind === "upload") {
    const file = fields.get("file");
    const sent = file?.size ? await send(file) : { error: say("no_file") };
    if (sent.error) return begun(sent);
    data.token = sent.token;
  }
  return begun(
    await call("start_evaluation", {
      data,
      systems: fields.getAll("system"),
      limit: fields.get("limit"),
      seed: fields.get("seed"),
      ranking_only: fields.get("ranking") !== null,
    }),
  );
};

// ---- reports ----------------------------------------------------------------------------------

const dialog = document.createElement("dialog");
dialog.className = "dl-report";
document.body.append(dialog);
let asked = null;
let address = "";

const showReport = async (button, runs, title) => {
  asked = button;
  const bar = make("div", undefined, "dl-view-bar");
  const head = make("h2", title, "dl-view-place");
  head.id = "dl-report-title";
  dialog.setAttribute("aria-labelledby", head.id);
  const save = make("a", say("download"), "dl-open");
  save.hidden = true;
  bar.append(head, save, action("closeReport", say("close")));
  const waiting = make("p", say("opening"), "dl-aside");
  waiting.setAttribute("role", "status");
  dialog.replaceChildren(bar, waiting);
  dialog.showModal();
  const result = await call("show_report", { runs });
  if (!dialog.open || !waiting.isConnected) return;
  if (result.error) {
    waiting.textContent = result.error;
    return;
  }
  const frame = make("iframe");
  frame.title = title;
  frame.setAttribute("sandbox", "allow-scripts");
  frame.srcdoc = result.html;
  waiting.replaceWith(frame);
  address = URL.createObjectURL(new Blob([result.html], { type: "text/html" }));
  save.href = address;
  save.download = `${runs[0]}.html`;
  save.hidden = false;
};

dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-close-report]")) dialog.close();
});
dialog.addEventListener("close", () => {
  if (address) URL.revokeObjectURL(address);
  address = "";
  dialog.replaceChildren();
  if (asked?.isConnected) asked.focus();
});

const chosenRuns = () => [...element.querySelectorAll("[data-run]:checked")];

const weighChoice = () => {
  const chosen = chosenRuns();
  const digests = new Set(chosen.map((box) => box.closest("li").dataset.digest));
  const button = $("[data-compare]");
  button.disabled = chosen.length < 2 || digests.size > 1;
  button.nextElementSibling.textContent =
    chosen.length > 1 && digests.size > 1 ? say("compare_other_data") : say("compare_hint");
};

const deleteRun = async (button) => {
  if (button.dataset.sure === undefined) {
    button.dataset.sure = "";
    button.textContent = say("delete_sure");
    button.removeAttribute("aria-label");
    return;
  }
  const result = await call("delete_run", { run: button.dataset.deleteRun });
  if (result.error) complain($(".dl-runs"), result.error);
  else await listRuns();
  $("#dl-runs-title").setAttribute("tabindex", "-1");
  $("#dl-runs-title").focus();
};

// ---- cases ------------------------------------------------------------------------------------

const tellCases = (text, undo) => {
  let place = $(".dl-case-told");
  if (!place) {
    place = make("p", undefined, "dl-case-told dl-aside");
    place.setAttribute("role", "status");
    $(".dl-cases").before(place);
  }
  place.replaceChildren(make("span", text));
  if (undo) {
    const button = action("restore", say("undo"));
    button.dataset.restore = undo;
    place.append(" ", button);
  }
};

const changeCase = async (row, payload) => {
  const result = await call("change_case", { id: row.dataset.case, ...payload });
  if (result.error) {
    const place = payload.action === "edit" && row.querySelector(".dl-case-form .dl-form-error");
    if (place) place.textContent = result.error;
    else tellCases(result.error);
    return;
  }
  await listCases();
  tellCases(result.message, result.undo);
  const again = $(`[data-case="${CSS.escape(row.dataset.case)}"]`);
  (again?.querySelector("button") ?? $(".dl-case-told button"))?.focus();
};

const toggleForm = (row, openIt) => {
  const form = row.querySelector(".dl-case-form");
  form.hidden = !openIt;
  const button = row.querySelector("[data-edit]");
  button.setAttribute("aria-expanded", String(openIt));
  if (openIt) form.elements.question.focus();
  else button.focus();
};

// ---- events -----------------------------------------------------------------------------------

element.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const row = button.closest("[data-case]");
  const named = button.dataset;
  if (named.stop !== undefined) showJob((await call("stop_evaluation")).job);
  else if (named.resume !== undefined) begun(await call("resume_evaluation"));
  else if (named.report !== undefined) showReport(button, [named.report], say("report"));
  else if (named.compare !== undefined) {
    showReport(button, chosenRuns().map((box) => box.dataset.run), say("comparison"));
  } else if (named.deleteRun !== undefined) deleteRun(button);
  else if (named.runCases !== undefined) start($("[data-evaluate]"), { kind: "cases" });
  else if (named.review !== undefined) changeCase(row, { action: named.review });
  else if (named.edit !== undefined) toggleForm(row, row.querySelector("form").hidden);
  else if (named.editClose !== undefined) toggleForm(row, false);
  else if (named.deleteCase !== undefined) changeCase(row, { action: "delete" });
  else if (named.restore !== undefined) {
    const result = await call("change_case", { id: named.restore, action: "restore" });
    await listCases();
    tellCases(result.error ?? result.message);
  }
});

element.addEventListener("change", (event) => {
  if (event.target.dataset.run !== undefined) weighChoice();
  const { name, form } = event.target;
  if (name === "file") form.elements.chosen.value = event.target.files[0]?.name ?? "";
  // Who chooses a file or types a path means it.
  const means = { file: "upload", path: "path", reviewed: "cases" }[name];
  if (means && form?.elements.kind) form.elements.kind.value = means;
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.evaluate !== undefined) start(form);
  else if (form.classList.contains("dl-case-form")) {
    const fields = new FormData(form);
    changeCase(form.closest("[data-case]"), {
      action: "edit",
      fields: {
        question: fields.get("question"),
        words: fields.getAll("words"),
        nothing: fields.get("nothing") !== null,
        accept: fields.get("accept"),
        date: fields.get("date"),
        note: fields.get("note"),
      },
    });
  }
});

// Cases come from the Ask tab, and runs from other windows: both are looked up on coming here.
let seen = false;
new IntersectionObserver((entries) => {
  const visible = entries.some((entry) => entry.isIntersecting);
  if (visible && !seen) {
    if (!opened) open();
    else {
      listRuns();
      if (!element.querySelector(".dl-case-form:not([hidden])")) listCases();
    }
  }
  seen = visible;
}).observe(element);
document.addEventListener("dl-library", () => {
  if (opened) open();
});
