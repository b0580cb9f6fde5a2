// Small helps on pages that read without them: copy, share, print, and open what a link leads to.

function said(control, words) {
  const before = control.textContent;
  control.textContent = words;
  setTimeout(() => { control.textContent = before; }, 2000);
}

for (const link of document.querySelectorAll("a[data-copy]")) {
  link.addEventListener("click", async (event) => {
    const text = document.querySelector(link.dataset.copy)?.textContent.replace(/\s+/g, " ").trim();
    if (!text || !navigator.clipboard) return;
    event.preventDefault();
    await navigator.clipboard.writeText(text);
    said(link, link.dataset.said);
  });
}

for (const button of document.querySelectorAll("button[data-share]")) {
  if (!navigator.share && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const url = document.querySelector('link[rel="canonical"]')?.href ?? location.href;
    if (navigator.share) return navigator.share({ title: document.title, url }).catch(() => undefined);
    await navigator.clipboard.writeText(url);
    said(button, button.dataset.said);
  });
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

function unfold() {
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const details = target?.querySelector(":scope > details");
  if (details) details.open = true;
}

addEventListener("hashchange", unfold);
unfold();
