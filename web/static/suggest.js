// Suggests things while a search is typed: the combo box pattern of the ARIA Authoring Practices.
// Without this script the same boxes are plain forms.

const WAIT = 120;
const SHORTEST = 2;
let boxes = 0;

for (const input of document.querySelectorAll('form[role="search"] input[type="search"][name="q"]')) {
  enhance(input);
}

function enhance(input) {
  const form = input.form;
  const list = document.createElement("ul");
  const status = document.createElement("span");
  const state = { active: -1, options: [], timer: 0, request: null };
  const frame = document.createElement("div");

  list.id = `suggestions-${(boxes += 1)}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.said ?? "Suggestions");
  status.className = "hidden";
  status.setAttribute("role", "status");
  frame.className = "suggests";
  input.before(frame);
  frame.append(input, list, status);
  input.autocomplete = "off";
  for (const [name, value] of [
    ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
    ["aria-controls", list.id],
  ]) input.setAttribute(name, value);

  function close() {
    clearTimeout(state.timer);
    state.request?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function activate(place) {
    state.options[state.active]?.removeAttribute("aria-selected");
    state.active = place;
    const option = state.options[place];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function show(suggestions) {
    state.active = -1;
    state.options = suggestions.map((suggestion, place) => {
      const option = document.createElement("li");
      const kind = document.createElement("small");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.dataset.address = suggestion.address;
      option.append(suggestion.label, kind);
      kind.textContent = suggestion.matched ? `${suggestion.kind}: “${suggestion.matched}”` : suggestion.kind;
      return option;
    });
    list.replaceChildren(...state.options);
    list.hidden = state.options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    status.textContent = `${list.getAttribute("aria-label")}: ${state.options.length}`;
  }

  async function ask() {
    const text = input.value.trim();
    state.request?.abort();
    if (new TextEncoder().encode(text).length < SHORTEST) return close();
    state.request = new AbortController();
    const address = new URL("suggest", new URL(form.getAttribute("action"), location.href));
    address.searchParams.set("q", text);
    if (document.documentElement.lang !== "en") address.searchParams.set("lang", document.documentElement.lang);
    try {
      const answer = await fetch(address, { signal: state.request.signal });
      if (!answer.ok) return close();
      const { suggestions } = await answer.json();
      if (document.activeElement === input) show(suggestions.filter((one) => one.address));
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const last = state.options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = state.active + step;
      activate(next > last ? -1 : next < -1 ? last : next);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && state.active >= 0) {
      event.preventDefault();
      location.assign(state.options[state.active].dataset.address);
    }
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option || event.button !== 0) return;
    event.preventDefault();
    location.assign(option.dataset.address);
  });
}

// On a phone the rows of tabs scroll: the one that is open is in sight.
for (const open of document.querySelectorAll(".ways [aria-current], .site-nav [aria-current]")) {
  const row = open.closest("ul");
  row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
}
