// A quote is copied with its citation.

const copyText = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    announce(say("copy.done", { form: button.textContent }));
    button.closest("details")?.setAttribute("data-copied", "");
  } catch {
    announce(say("copy.refused"));
    button.closest("details")?.setAttribute("data-refused", "");
  }
  setTimeout(() => {
    button.closest("details")?.removeAttribute("data-copied");
    button.closest("details")?.removeAttribute("data-refused");
  }, 2000);
  button.closest("details").open = false;
  button.closest("details").querySelector("summary").focus();
};

const closeCopyMenus = (but) => {
  document.querySelectorAll("details.dl-copy[open]").forEach((menu) => {
    if (!menu.contains(but)) menu.open = false;
  });
};

whenClicked("copy", copyText);
