"use strict";

const $ = (id) => document.getElementById(id);

// The channel is looked at again whenever the server says that it has changed.

const gap = 250; // ms between two looks
const have = new Map(); // what the page was sent of each message, as a mark
let looking = null;
let awaited = ""; // the post that somebody here has made come, until it stands
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
      reached();
      document.documentElement.removeAttribute("data-offline");
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
  for (const place of view.querySelectorAll("article:empty")) {
    const html = messages[place.id];
    if (html === undefined) place.dataset.same = "";
    else {
      have.set(place.id, markOf(html));
      fresh.innerHTML = html;
      place.replaceWith(fresh.content);
    }
  }
  localTimes(view);
  const list = $("messages");
  const low = innerHeight + scrollY > document.documentElement.scrollHeight - 80;
  const was = list.childElementCount;
  morph($("view"), view);
  for (const id of have.keys()) if (!$(id)) have.delete(id);
  seatOver();
  if (awaited && reach("#" + awaited)) {
    awaited = "";
    return;
  }
  if (list.childElementCount <= was) return;
  const last = list.lastElementChild;
  if (low) last.scrollIntoView({ block: last.offsetHeight < innerHeight / 2 ? "nearest" : "start" });
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
    look(); // refused: perhaps too many pages are open. This one asks for itself
    setTimeout(listen, 10000);
  };
}
function listenAnew() {
  source?.close();
  source = null;
  listen();
}

let away;
document.addEventListener("visibilitychange", () => {
  clearTimeout(away);
  if (!document.hidden) listen();
  // A browser has few connections to one host: hidden pages let theirs go.
  else away = setTimeout(() => {
    source?.close();
    source = null;
  }, 5000);
});

$("fresh").addEventListener("click", () => $("messages").lastElementChild.scrollIntoView());
