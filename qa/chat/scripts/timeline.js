// The timeline under an answer, fetched when it is opened.

const fillTimeline = async (timeline) => {
  const body = timeline.querySelector(".dl-timeline-body");
  if (timeline.dataset.filled !== undefined) return;
  timeline.dataset.filled = "";
  const tell = (text) => {
    const line = document.createElement("p");
    line.className = "dl-aside";
    line.textContent = text;
    body.replaceChildren(line);
  };
  tell(say("timeline.looking"));
  let result;
  try {
    result = await server.show_timeline({
      ...JSON.parse(timeline.dataset.timeline),
      library: libraryOf(timeline),
    });
  } catch {
    result = { error: say("page.no_server") };
  }
  if (!result.error) {
    body.innerHTML = result.html; // dates and sentences with every text escaped
    return;
  }
  tell(result.error);
  delete timeline.dataset.filled; // opening it again tries again
};

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.(".dl-timeline") && event.target.open) fillTimeline(event.target);
  },
  true, // a toggle does not bubble
);
