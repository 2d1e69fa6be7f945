"use strict";

const $ = (id) => document.getElementById(id);

// --- The channel: looked at again whenever the server says that it changed.

const gap = 250; // ms between two looks
const have = new Map(); // what the page was sent of each message, as a mark
let looking = null;
let again = false;

async function look() {
  if (looking) {
    again = true;
    return looking;
  }
  looking = (async () => {
    do {
      again = false;
      const marks = [...have].map(([id, mark]) => id + ":" + mark).join();
      const r = await fetch("/channel", { cache: "no-store", headers: { Accept: "application/json", "X-Have": marks } });
      if (r.status === 403) location.reload(); // the secret has changed
      if (!r.ok) return;
      update(await r.json());
      if (again) await new Promise((done) => setTimeout(done, gap));
    } while (again);
  })().catch(() => {}).finally(() => { looking = null; });
  return looking;
}

function update({ frame, messages }) {
  const view = document.createElement("div");
  view.id = "view";
  view.innerHTML = frame;
  const fresh = document.createElement("template");
  for (const place of view.querySelectorAll("#messages > article:empty")) {
    const html = messages[place.id];
    if (html === undefined) place.dataset.same = "";
    else {
      have.set(place.id, markOf(html));
      fresh.innerHTML = html;
      place.replaceWith(fresh.content);
    }
  }
  const list = $("messages");
  const low = innerHeight + scrollY > document.documentElement.scrollHeight - 80;
  const was = list.childElementCount;
  morph($("view"), view);
  for (const id of have.keys()) if (!$(id)) have.delete(id);
  if (list.childElementCount <= was) return;
  if (low) list.lastElementChild.scrollIntoView({ block: "nearest" });
  else unread(list.lastElementChild);
}

// unread offers the way to a message that came in below what is being read.
function unread(message) {
  $("fresh").hidden = message.getBoundingClientRect().top < innerHeight;
  new IntersectionObserver((seen, me) => {
    if (!seen.some((e) => e.isIntersecting)) return;
    $("fresh").hidden = true;
    me.disconnect();
  }).observe(message);
}

// markOf must give what newsFor in news.go compares with: length and FNV-1a.
function markOf(html) {
  const bytes = new TextEncoder().encode(html);
  let h = 0x811c9dc5;
  for (const b of bytes) h = Math.imul(h ^ b, 0x01000193);
  return bytes.length + "." + (h >>> 0);
}

let source = null;
function listen() {
  if (document.hidden || source) return;
  source = new EventSource("/events");
  source.addEventListener("changed", look);
  source.onopen = () => document.documentElement.removeAttribute("data-offline");
  source.onerror = () => {
    document.documentElement.setAttribute("data-offline", "");
    if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
    source = null;
    setTimeout(listen, 5000);
  };
}
let away;
document.addEventListener("visibilitychange", () => {
  clearTimeout(away);
  if (!document.hidden) listen();
  // A browser has few connections to one host: hidden pages let theirs go.
  else away = setTimeout(() => { source?.close(); source = null; }, 5000);
});

// --- Everything that people send is a form.

let waiting = null; // what somebody tapped before they had a name

document.addEventListener("submit", async (e) => {
  const form = e.target;
  if (form.method !== "post") return;
  e.preventDefault();
  const button = e.submitter;
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  button?.setAttribute("aria-busy", "true");
  try {
    const data = new FormData(form, button);
    const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
    const r = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    await took(form, button, await r.json());
  } catch {
    problem(form, "That did not reach the server. Check the connection and try again.");
  } finally {
    delete form.dataset.busy;
    button?.removeAttribute("aria-busy");
  }
});

async function took(form, button, o) {
  form.closest(".menu")?.removeAttribute("open");
  if (o.join) {
    waiting = { form, button };
    return join();
  }
  if (o.error) return problem(form, o.error);
  problem(form, "");
  if (form.id === "composer") clearComposer();
  if (o.dialog) return show(o.dialog);
  if (o.close) form.closest("dialog")?.close();
  await look();
  if (form.action.endsWith("/name")) named();
  if (o.said) {
    const card = $(o.said);
    card?.scrollIntoView({ block: "nearest" });
    $("status").textContent = card ? card.innerText : "";
    card?.querySelector("button.primary")?.focus({ preventScroll: true });
  }
}

function named() {
  const w = waiting;
  waiting = null;
  if (w?.form.isConnected) w.form.requestSubmit(w.button?.isConnected ? w.button : undefined);
  else $("say")?.focus({ preventScroll: true });
}

// problem says what went wrong where it went wrong.
function problem(form, text) {
  const p = form.querySelector(".problem") || form.closest("dialog")?.querySelector(".problem");
  if (p) {
    p.hidden = !text;
    p.textContent = text;
    if (text) p.scrollIntoView({ block: "nearest" });
    return;
  }
  if (text) toast(text);
}

let fading;
function toast(text) {
  clearTimeout(fading);
  $("toast").textContent = text;
  $("toast").hidden = false;
  fading = setTimeout(() => { $("toast").hidden = true; }, Math.max(4000, text.length * 70));
}

// --- Dialogs: a seat, a form, a question.

function show(html) {
  const sheet = $("sheet");
  $("sheet-body").innerHTML = html;
  if (!sheet.open) sheet.showModal();
  sheet.scrollTop = 0;
  const title = sheet.querySelector(".title");
  const first = sheet.querySelector(".field input, .field select, .field textarea, .say ~ .actions button");
  if (first) first.focus();
  else if (title) {
    title.tabIndex = -1;
    title.focus();
  }
}

async function join() {
  if (!$("join")) await look(); // a name that does not count here any more
  const d = $("join");
  if (!d) return;
  if (d.open && !d.matches(":modal")) d.close();
  if (!d.open) d.showModal();
}

document.addEventListener("click", async (e) => {
  const el = e.target.closest("[data-join], [data-close], [data-more], [data-copy], [data-say], a[href^='#m-']");
  for (const m of document.querySelectorAll(".menu[open]")) if (!m.contains(e.target)) m.open = false;
  if (!el) return;
  if ("join" in el.dataset) {
    e.preventDefault();
    join();
  } else if ("close" in el.dataset) {
    el.closest("dialog").close();
  } else if (el.dataset.more) {
    const pair = $(el.dataset.more);
    const all = pair.toggleAttribute("data-all");
    el.setAttribute("aria-expanded", all);
    el.textContent = all ? "Show less of both" : "Show all of both answers";
  } else if ("copy" in el.dataset) {
    await copy(el.closest(".copy").querySelector("pre"));
    el.textContent = "Copied";
    setTimeout(() => { el.textContent = "Copy"; }, 2000);
  } else if ("say" in el.dataset) {
    fillComposer(el.dataset.say);
  } else {
    e.preventDefault();
    reach(el.hash);
  }
});

async function copy(pre) {
  try {
    await navigator.clipboard.writeText(pre.textContent);
  } catch { // not on localhost and not on https: the person copies what is selected
    getSelection().selectAllChildren(pre);
  }
}

// reach opens and shows the message behind a "#m-…" address.
function reach(hash) {
  const target = hash.length > 1 && $(hash.slice(1));
  if (!target) return false;
  for (let d = target; d; d = d.parentElement) if (d.nodeName === "DETAILS") d.open = true;
  target.scrollIntoView();
  target.querySelector("summary")?.focus({ preventScroll: true });
  return true;
}

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") for (const m of document.querySelectorAll(".menu[open]")) {
    m.open = false;
    m.querySelector("summary").focus();
  }
  if ($("sheet").open && !e.ctrlKey && !e.metaKey && !e.altKey && !e.target.closest("input, textarea, select")) {
    $("sheet").querySelector(`[data-key="${CSS.escape(e.key)}"]`)?.click();
  }
});

$("fresh").addEventListener("click", () => $("messages").lastElementChild.scrollIntoView());

listen();
if ($("join")) join();
if (!reach(location.hash)) {
  const open = document.querySelector(".messages > .card:has(.taps:not(.over), .thread[open], .actions)") || document.querySelector(".messages > .card:last-of-type");
  open?.scrollIntoView();
}
