// The Library tab. Gradio runs this once, with `element`, `server` (Python functions) and `trigger`
// in scope. HTML from the server has every text in it escaped; nothing here turns other text into
// HTML. Which library this window is about stands in sessionStorage and on the document, where the
// other tabs look for it.

const UPLOAD = "dateline/upload";
const AT_ONCE = 2; // uploads side by side
const BATCH_FILES = 100;
const BATCH_BYTES = 20e6;
const SHOWN = 200; // lines of files; more are counted
const POLL = 400;
const WAIT_TO_SEARCH = 150;

const page = document.documentElement;
const library = () => page.dataset.library ?? "";
const $ = (selector) => element.querySelector(selector);
const say = (key, values) => window.dateline.say(`shelf.${key}`, values);

const { make } = window.dateline;
const call = window.dateline.callOn(server);

// ---- the tab itself ---------------------------------------------------------------------------

let opened = 0; // not before somebody looks at the tab

const open = async () => {
  const ticket = ++opened;
  const result = await call("open_shelf", {});
  if (ticket !== opened) return;
  const happened = $("#dl-happened");
  element.querySelector(".dl-shelf-root").innerHTML = result.html; // ours, every text escaped
  if (happened) $("#dl-happened").replaceWith(happened); // what was going on goes on
  if (result.library !== undefined) page.dataset.library = result.library;
  if ($(".dl-list")) await list();
};

const choose = (name) => {
  page.dataset.library = name;
  sessionStorage.setItem("dl-library", name);
  document.dispatchEvent(new CustomEvent("dl-library", { detail: name }));
};

document.addEventListener("dl-library", () => {
  if (opened) open();
  trigger("changed", { library: library() });
});

// ---- the list ---------------------------------------------------------------------------------

let listed = 0;

const readFilters = () => {
  const form = $("[data-find]");
  if (!form) return {};
  const fields = Object.fromEntries(new FormData(form));
  const [order, down] = fields.order.split(" ");
  return { ...fields, order, descending: down === "down" };
};

const list = async ({ more = false } = {}) => {
  const ticket = ++listed;
  const rows = $(".dl-list");
  if (!rows) return;
  const first = more ? rows.children.length : 0;
  const result = await call("list_articles", { ...readFilters(), first });
  if (ticket !== listed || !rows.isConnected) return;
  $(".dl-count").textContent = result.error ?? result.count;
  if (result.error) return;
  if (more) rows.insertAdjacentHTML("beforeend", result.rows); // ours, every text escaped
  else rows.innerHTML = result.rows;
  $("[data-more]").hidden = !result.more;
  if (more) rows.children[first]?.querySelector("button")?.focus();
};

// A change of the library that another window made is seen when one comes back to this one.
const refresh = () => {
  if (document.visibilityState === "visible" && element.offsetParent) list();
};
document.addEventListener("visibilitychange", refresh);
window.addEventListener("focus", refresh);
new IntersectionObserver((entries) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  if (opened) refresh();
  else open();
}).observe(element);

// What the library holds has changed: the list, its menus and the Ask tab show it.
const changed = async () => {
  const kept = $("[data-find]") && Object.fromEntries(new FormData($("[data-find]")));
  const result = await call("open_shelf", {});
  const controls = make("div");
  controls.innerHTML = result.html; // ours, every text escaped
  const fresh = controls.querySelector("[data-find]");
  const old = $("[data-find]");
  if (old && fresh && old.contains(document.activeElement)) {
    for (const name of ["source", "language"]) {
      old.elements[name].innerHTML = fresh.elements[name].innerHTML;
    }
  } else if (old && fresh) old.replaceWith(fresh);
  else if (old) old.remove();
  else if (fresh) $(".dl-count").before(fresh);
  for (const [name, value] of Object.entries(kept ?? {})) {
    const field = $("[data-find]")?.elements[name];
    if (field) field.value = value;
    if (field && field.value !== value) field.value = "";
  }
  await list();
  trigger("changed", { library: library() });
};

// ---- what happened ----------------------------------------------------------------------------

const happened = () => {
  const place = $("#dl-happened");
  if (!place.querySelector(".dl-results")) {
    place.append(make("div", undefined, "dl-results"));
    const status = make("p", undefined, "dl-happened-status");
    status.setAttribute("role", "status");
    place.querySelector(".dl-results").append(status, make("ul"));
  }
  return place.querySelector(".dl-results");
};

const status = (text) => {
  happened().querySelector(".dl-happened-status").textContent = text;
};

const line = (name, text, className) => {
  const item = make("li", undefined, className);
  if (name) {
    const title = make("strong", name);
    title.dir = "auto";
    item.append(title, " ");
  }
  item.append(make("span", text));
  return item;
};

// ---- adding -----------------------------------------------------------------------------------

const waiting = []; // files that were chosen and not sent yet
let going = 0;
let tally = { all: 0, good: 0, bad: 0 };
let stopped = false;

const show = (entry, text, className) => {
  entry.item ??= line(entry.name, "", "dl-waiting");
  entry.item.className = className;
  entry.item.lastChild.textContent = text;
  const rows = happened().querySelector("ul");
  if (!entry.item.isConnected && rows.children.length < SHOWN) rows.append(entry.item);
  // A refusal is always to be seen, in the place of a file that went well.
  else if (!entry.item.isConnected && className === "dl-failed") {
    rows.querySelector(".dl-done")?.remove();
    rows.append(entry.item);
  }
};

const tell = () => {
  const done = tally.good + tally.bad;
  if (done < tally.all) status(say("adding", { done, all: tally.all }));
  else status(say(tally.bad ? "added_some" : "added_all", tally));
  let bar = happened().querySelector("progress");
  let stop = happened().querySelector("[data-stop-adding]");
  if (done < tally.all && !bar) {
    bar = make("progress");
    bar.setAttribute("aria-label", say("adding_label"));
    stop = make("button", say("stop"), "dl-open");
    stop.type = "button";
    stop.dataset.stopAdding = "";
    happened().querySelector(".dl-happened-status").after(bar, stop);
  }
  if (bar) {
    bar.max = tally.all;
    bar.value = done;
    if (done >= tally.all) {
      bar.remove();
      stop.remove();
    }
  }
};

const settle = (entry, good, text) => {
  if (entry.settled) return;
  entry.settled = true;
  tally[good ? "good" : "bad"] += 1;
  show(entry, text, good ? "dl-done" : "dl-failed");
  tell();
};

const send = (entry) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const address = new URL(UPLOAD, document.baseURI);
    address.searchParams.set("name", entry.name);
    request.open("POST", address);
    request.setRequestHeader("X-Dateline-Page", "1");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.total) {
        const percent = Math.round((100 * event.loaded) / event.total);
        show(entry, say("uploading", { percent }), "dl-waiting");
      }
    });
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(request.response.token);
      else {
        settle(entry, false, request.response?.error ?? say("not_arrived"));
        resolve(null);
      }
    });
    request.addEventListener("error", () => {
      settle(entry, false, say("not_arrived"));
      resolve(null);
    });
    request.send(entry.file);
  });

const follow = async (job, entries) => {
  let result = { done: false };
  while (!result.done) {
    await new Promise((resolve) => setTimeout(resolve, POLL));
    result = await call("watch_adding", { job });
    if (result.error) {
      entries.forEach((entry) => settle(entry, false, result.error));
      break;
    }
    if (!result.done) {
      entries.forEach((entry) => {
        if (entry.name === result.current) show(entry, result.doing, "dl-waiting");
      });
    }
  }
  const said = new Map();
  for (const { place, good, text } of result.lines ?? []) {
    const before = said.get(place);
    said.set(place, before ? [before[0] && good, `${before[1]}; ${text}`] : [good, text]);
  }
  for (const [place, [good, text]] of said) settle(entries[place], good, text);
  entries.forEach((entry) => settle(entry, false, say("not_arrived")));
  await changed();
};

const nextBatch = () => {
  const batch = [];
  let bytes = 0;
  while (waiting.length && batch.length < BATCH_FILES && bytes < BATCH_BYTES) {
    bytes += waiting[0].file.size;
    batch.push(waiting.shift());
  }
  return batch;
};

const work = async () => {
  if (going) return;
  going = 1;
  while (waiting.length) {
    const batch = nextBatch();
    const queue = [...batch];
    const lane = async () => {
      while (queue.length) {
        const entry = queue.shift();
        if (stopped) settle(entry, false, say("stopped"));
        else {
          show(entry, say("uploading", { percent: 0 }), "dl-waiting");
          entry.token = await send(entry);
          if (entry.token) show(entry, say("waits"), "dl-waiting");
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    const sent = batch.filter((entry) => entry.token);
    if (!sent.length) continue;
    const result = await call("add_files", { tokens: sent.map((entry) => entry.token) });
    if (result.error) sent.forEach((entry) => settle(entry, false, result.error));
    else await follow(result.job, sent);
  }
  going = 0;
};

const add = (files) => {
  const shelf = $(".dl-shelf");
  const suffixes = shelf.dataset.suffixes.split(",");
  const limit = Number(shelf.dataset.limit);
  if (!going) {
    tally = { all: 0, good: 0, bad: 0 };
    stopped = false;
    $("#dl-happened").replaceChildren();
  }
  let others = 0;
  const entries = [];
  for (const { file, name, inside } of files) {
    const known = suffixes.some((suffix) => name.toLowerCase().endsWith(suffix));
    if (inside && (!known || name.split("/").some((part) => part.startsWith(".")))) others += 1;
    else entries.push({ file, name, known });
  }
  tally.all += entries.length;
  if (others) happened().querySelector("ul").append(line("", say("others", { count: others }), "dl-note"));
  if (!entries.length) return status(others ? "" : say("no_files"));
  for (const entry of entries) {
    if (!entry.known) settle(entry, false, say("wrong_type", { formats: suffixes.join(" ") }));
    else if (entry.file.size > limit * 1e6) settle(entry, false, say("too_large", { limit }));
    else {
      show(entry, say("waits"), "dl-waiting");
      waiting.push(entry);
    }
  }
  tell();
  return work();
};

const readEntry = async (entry, found, inside) => {
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    // As with `dateline add FOLDER`, names are relative to the folder that was given.
    const name = inside ? entry.fullPath.split("/").slice(2).join("/") : entry.name;
    if (file) found.push({ file, name, inside });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) return;
    for (const item of some) await readEntry(item, found, true);
  }
};

const readDrop = async (transfer) => {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.());
  if (!entries.some((entry) => entry?.isDirectory)) {
    return [...transfer.files].map((file) => ({ file, name: file.name, inside: false }));
  }
  const found = [];
  for (const entry of entries) if (entry) await readEntry(entry, found, false);
  return found;
};

const readInput = (input) =>
  [...input.files].map((file) => {
    const inside = input.dataset.folder !== undefined;
    const path = file.webkitRelativePath.split("/").slice(1).join("/");
    return { file, name: inside ? path || file.name : file.name, inside };
  });

// ---- removing ---------------------------------------------------------------------------------

const remove = async (button) => {
  const row = button.closest("li");
  const result = await call("remove_article", { article: button.dataset.remove });
  const rows = happened().querySelector("ul");
  if (result.error) {
    status(result.error);
    await list();
    return;
  }
  const item = line("", result.message, "dl-removed");
  const undo = make("button", say("undo"), "dl-open");
  undo.type = "button";
  undo.dataset.undo = result.undo;
  item.append(" ", undo);
  rows.prepend(item);
  status(result.message);
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const after = next?.querySelector("[data-remove]")?.dataset.remove;
  await changed();
  const place = after && element.querySelector(`[data-remove="${CSS.escape(after)}"]`);
  (place ?? undo).focus();
};

const putBack = async (button) => {
  const result = await call("put_back", { undo: button.dataset.undo });
  status(result.error ?? result.message);
  if (!result.error || result.gone) button.closest("li").remove();
  await changed();
};

// ---- events -----------------------------------------------------------------------------------

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.remove !== undefined) remove(button);
  else if (button.dataset.undo !== undefined) putBack(button);
  else if (button.dataset.more !== undefined) list({ more: true });
  else if (button.dataset.stopAdding !== undefined) stopped = true;
});

let soon = 0;
element.addEventListener("input", (event) => {
  if (!event.target.closest("[data-find]")) return;
  clearTimeout(soon);
  soon = setTimeout(list, event.target.tagName === "SELECT" ? 0 : WAIT_TO_SEARCH);
});
element.addEventListener("reset", () => setTimeout(list));

element.addEventListener("change", (event) => {
  const field = event.target;
  if (field.id === "dl-library-menu") choose(field.value);
  else if (field.type === "file" && field.files.length) {
    add(readInput(field));
    field.value = "";
  }
});

element.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.create === undefined) return;
  const result = await call("create_library", { name: form.elements.name.value });
  form.querySelector(".dl-form-error").textContent = result.error ?? "";
  if (!result.error) choose(result.created);
});

const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
for (const name of ["dragenter", "dragover"]) {
  element.addEventListener(name, (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    $("#dl-drop")?.toggleAttribute("data-over", true);
  });
}
element.addEventListener("dragleave", (event) => {
  if (!element.contains(event.relatedTarget)) $("#dl-drop")?.removeAttribute("data-over");
});
element.addEventListener("drop", async (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  $("#dl-drop")?.removeAttribute("data-over");
  add(await readDrop(event.dataTransfer));
});
// A file that misses the place must not replace the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
}

const remembered = sessionStorage.getItem("dl-library");
if (remembered) {
  page.dataset.library = remembered;
  trigger("changed", { library: remembered });
}
