// The filters under the question box are a disclosure.

const filterToggle = () => document.getElementById("dl-filter-toggle");

const openFilters = (open) => {
  document.getElementById("dl-left").toggleAttribute("data-filters", open);
  filterToggle().setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#dl-filters input, #dl-filters textarea")?.focus();
};

whenSettled(() => {
  const toggle = filterToggle();
  if (toggle && !toggle.hasAttribute("aria-expanded")) {
    toggle.setAttribute("aria-expanded", "false");
    toggle.setAttribute("aria-controls", "dl-filters");
  }
});
