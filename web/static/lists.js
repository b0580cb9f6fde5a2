// Helps on lists that work without them: programmes ticked on several pages, and long lists filtered.

const KEPT = "hsgraph-compare";
const MOST = 4;
const LONG = 12;

const tray = document.querySelector("#compare");
if (tray) keepTicked(tray);
for (const list of document.querySelectorAll("[data-filter]")) filter(list, list.dataset.filter);
for (const link of document.querySelectorAll("a[data-all]")) link.addEventListener("click", openAll);

function keepTicked(form) {
  const ticked = read();
  const boxes = [...document.querySelectorAll(".pick")];
  const [said] = form.getElementsByTagName("p");
  const [compare, clear] = form.querySelectorAll("button");
  const word = compare.textContent;
  said.setAttribute("role", "status");
  form.classList.add("follows");

  function show() {
    for (const box of boxes) {
      box.checked = ticked.includes(box.value);
      box.disabled = !box.checked && ticked.length >= MOST;
    }
    form.hidden = ticked.length === 0;
    compare.textContent = `${word} (${ticked.length})`;
    compare.disabled = ticked.length < 2;
    clear.disabled = false;
    for (const field of form.querySelectorAll("input")) field.remove();
    const shown = boxes.map((box) => box.value);
    for (const value of ticked.filter((each) => !shown.includes(each))) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "p", value }));
    }
    try { sessionStorage.setItem(KEPT, JSON.stringify(ticked)); } catch { /* The page remembers. */ }
  }

  for (const box of boxes) {
    box.addEventListener("change", () => {
      const place = ticked.indexOf(box.value);
      if (place >= 0) ticked.splice(place, 1);
      else ticked.push(box.value);
      show();
    });
  }
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    ticked.length = 0;
    show();
  });
  addEventListener("pageshow", show);
  show();
}

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string").slice(0, MOST) : [];
  } catch { return []; }
}

function filter(list, words) {
  const items = [...list.children].map((item) => [item, folded(item.textContent)]);
  if (items.length <= LONG) return;
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" });
  const status = Object.assign(document.createElement("span"), { className: "quiet" });
  label.className = "type-to-filter small";
  status.setAttribute("role", "status");
  label.append(`${words} `, input, " ", status);
  input.addEventListener("input", () => {
    const sought = folded(input.value.trim());
    let shown = 0;
    for (const [item, text] of items) {
      item.hidden = !text.includes(sought);
      shown += item.hidden ? 0 : 1;
    }
    status.textContent = sought ? `${shown} / ${items.length}` : "";
  });
  list.before(label);
  return input;
}

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The values of a facet that are on a page of their own are put where the first of them stand. */
async function openAll(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const link = event.currentTarget;
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const all = page.querySelector(".all-values");
    const list = link.closest(".facet").querySelector(".values");
    list.replaceChildren(...[...all.children].map((item) => document.importNode(item, true)));
    list.classList.add("opened");
    link.parentElement.remove();
    (filter(list, all.dataset.filter) ?? list.querySelector("a")).focus();
  } catch { location.assign(link.href); }
}
