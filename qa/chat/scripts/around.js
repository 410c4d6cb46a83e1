// What stands before and after a passage, on demand.

const toggleAround = async (button) => {
  const card = button.closest(".dl-card");
  const passage = card.querySelector(".dl-passage");
  const shown = card.querySelectorAll(".dl-neighbour");
  if (shown.length) {
    shown.forEach((node) => node.remove());
    button.setAttribute("aria-expanded", "false");
    button.textContent = say("card.around");
    return;
  }
  if (button.dataset.busy !== undefined) return;
  button.dataset.busy = "";
  const chosen = JSON.parse(button.dataset.around);
  let result;
  try {
    result = await server.show_neighbours({
      library: libraryOf(button),
      article: chosen.article,
      digest: chosen.digest,
      cited: [{ passage: chosen.passage }],
    });
  } catch {
    result = { error: say("page.no_server") };
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
  button.textContent = say("card.around.hide");
};

whenClicked("around", toggleAround);
