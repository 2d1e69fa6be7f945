"use strict";

// --- Everything that people send is a form.

const largest = 7 << 20; // bytes; the server takes a form of 8 MB
let waiting = null; // what somebody tapped before they had a name
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
let unreached = null; // the form that did not reach the server, while that stands there

document.addEventListener("submit", async (e) => {
  const form = e.target;
  if (form.method !== "post") return;
  e.preventDefault();
  const button = e.submitter;
  const vote = form.matches(".taps, .seatfoot form");
  if (form.dataset.busy && !vote) return;
  const large = [...form.querySelectorAll("input[type=file]")].find((i) => [...i.files].some((f) => f.size > largest));
  if (large) return problem(form, document.body.dataset.large, large.name.replace("field-", ""));
  form.dataset.busy = "1";
  button?.setAttribute("aria-busy", "true");
  try {
    const data = new FormData(form, button);
    if (form.action.endsWith("/name")) data.append("zone", zone);
    const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
    await took(form, button, await (vote ? inTurn(form.action, body) : send(form.action, body)));
  } catch {
    problem(form, document.body.dataset.unreached);
    unreached = form;
  } finally {
    delete form.dataset.busy;
    button?.removeAttribute("aria-busy");
  }
});

async function send(action, body, signal) {
  const r = await fetch(action, { method: "POST", body, signal, headers: { Accept: "application/json" } });
  return r.json();
}

// Taps are sent one after the other, however quickly they come: the last one is
// what stands.
let voting = Promise.resolve();
function inTurn(action, body) {
  voting = voting.catch(() => {}).then(() => send(action, body, AbortSignal.timeout(15000)));
  return voting;
}

// reached takes away what is true no more once the server answers.
function reached() {
  if (!unreached) return;
  problem(unreached, "");
  $("toast").hidden = true;
  unreached = null;
}

async function took(form, button, o) {
  unreached = null;
  const first = form.matches(".taps") && !form.querySelector("[aria-pressed=true]") && form.closest(".round")?.id;
  if (!o.error) form.closest(".menu, .mine")?.removeAttribute("open");
  if (!o.error && !o.join && !o.reload && form.matches(".form")) forgetTyped(form);
  if (o.join) {
    waiting = { form, button };
    return join();
  }
  if (o.reload) return location.reload();
  if (o.error) return problem(form, o.error, o.field, o.faults);
  problem(form, "");
  if (form.id === "composer") clearComposer();
  if (o.out) {
    listenAnew();
    await look();
  }
  if (o.dialog) return show(o.dialog);
  if (o.close) form.closest("dialog")?.close();
  if (o.await) awaited = o.await;
  await look();
  if (first) goOn(first, button);
  if (form.action.endsWith("/name")) named();
  if (o.said) {
    const card = $(o.said);
    card?.scrollIntoView({ block: "nearest" });
    $("status").textContent = card ? card.innerText : "";
    const free = document.activeElement === document.body || form.contains(document.activeElement);
    // The question gets the focus and not its button: an Enter held down too long is no answer.
    if (free && card?.querySelector("button.primary")) card.focus({ preventScroll: true });
  }
}

function named() {
  listenAnew(); // for what this person alone is told
  const w = waiting;
  waiting = null;
  if (!w?.form.isConnected) return toTaste();
  const button = w.button?.isConnected ? w.button : undefined;
  button?.focus({ preventScroll: true });
  w.form.requestSubmit(button);
}

// toTaste brings to what can be tasted, and the focus with it: to all four choices
// and not to the first, which nobody shall press for being there. The message box
// would open a phone's keyboard.
function toTaste() {
  const card = toBeTasted();
  const top = card?.getBoundingClientRect().top;
  if (top < 0 || top > innerHeight / 2) card.scrollIntoView();
  const at = [...card?.querySelectorAll(".taps:not(.over), .actions .primary") ?? []].find((el) => el.checkVisibility());
  (at ?? $("messages")).focus({ preventScroll: true });
}

// toBeTasted is the first message with something to taste in it.
const toBeTasted = () => document.querySelector(".messages > .card:has(.taps:not(.over), .thread[open], .actions .primary)");

// problem says what went wrong where it went wrong: by the fields that it is
// about, else at the head of the form or dialog.
function problem(form, text, field, faults) {
  for (const p of form.querySelectorAll(".field .problem")) p.remove();
  for (const el of form.querySelectorAll("[aria-invalid]")) el.removeAttribute("aria-invalid");
  const top = form.querySelector(".problem") || form.closest("dialog")?.querySelector(".problem");
  if (!top) return text && toast(text);
  const rest = [];
  for (const f of faults ?? (text ? [{ field, error: text }] : [])) {
    const el = f.field && form.querySelector(`.field [name="field-${CSS.escape(f.field)}"]`);
    if (el) blame(el, f.error);
    else rest.push(f.error);
  }
  top.hidden = !rest.length;
  top.textContent = rest.join("\n");
  if (!text) return;
  const first = form.querySelector(".field [aria-invalid]"); // as the form has them, whatever was looked at first
  if (!first) {
    top.scrollIntoView({ block: "center" });
    return top.focus({ preventScroll: true });
  }
  first.closest(".field").scrollIntoView({ block: "center" });
  first.focus({ preventScroll: true });
}

function blame(el, text) {
  const p = document.createElement("p");
  p.className = "problem";
  p.role = "alert";
  p.id = "problem-" + el.id;
  p.textContent = text;
  el.closest(".field").append(p);
  el.setAttribute("aria-invalid", "true");
  el.setAttribute("aria-errormessage", p.id);
  for (let d = el; d; d = d.parentElement) if (d.nodeName === "DETAILS") d.open = true;
}

// A box takes what the server takes: so many characters as people see them.
document.addEventListener("input", (e) => {
  const most = e.target.dataset.most;
  if (!most || e.isComposing || !Intl.Segmenter) return;
  const seen = [...new Intl.Segmenter().segment(e.target.value)];
  if (seen.length > most) e.target.value = seen.slice(0, most).map((s) => s.segment).join("");
});

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
  localTimes($("sheet-body"));
  if (!sheet.open) sheet.showModal();
  restoreTyped($("sheet-body").querySelector(".form"));
  $("sheet-body").scrollTop = 0;
  const title = sheet.querySelector(".title");
  const first = sheet.querySelector(".field input, .field select, .field textarea, .say ~ .actions button");
  if (first) first.focus();
  else if (title) {
    title.tabIndex = -1;
    title.focus();
  }
}

// seatOver tells whoever sits at a private ballot that its tasting is over, as
// soon as its head on the page says so.
function seatOver() {
  const seat = $("sheet").open && $("sheet-body").querySelector("[data-of]");
  const head = seat && $(seat.dataset.of);
  const over = $("sheet-body").querySelector(".isover");
  if (!head || "open" in head.dataset || !over?.hidden) return;
  over.hidden = false;
  for (const el of $("sheet-body").querySelectorAll(".choices, .nav form")) el.hidden = true;
  const done = $("sheet-body").querySelector(".done");
  done.hidden = false;
  done.dataset.to = seat.dataset.of;
  if (!document.activeElement?.checkVisibility?.()) done.focus({ preventScroll: true });
}

// goOn brings the next open ballot of a tasting into view, once the vote on the
// one before has been seen to count; unless the pointer has moved to something else
// that can be tapped, which must not slip away from under it.
let going;
let pointed = null; // what the pointer has moved to since something was tapped
function goOn(id, tapped) {
  const here = $(id);
  const all = [...(here?.closest(".rounds")?.querySelectorAll(".round.ballot") ?? [])];
  const at = all.indexOf(here);
  const next = [...all.slice(at + 1), ...all.slice(0, Math.max(0, at))].find((r) => r.querySelector("form.taps") && !r.matches(".voted"));
  clearTimeout(going);
  if (next) going = setTimeout(() => {
    const at = pointed?.closest("a, button, input, select, summary, textarea");
    if (!at || at === tapped) reach("#" + next.id);
  }, 700);
}
for (const moves of ["wheel", "touchmove", "keydown", "pointerdown"]) document.addEventListener(moves, () => {
  clearTimeout(going);
  pointed = null;
}, { passive: true });
document.addEventListener("pointermove", (e) => { pointed = e.target; }, { passive: true });

// --- What was typed in a form outlives the page: a session can end while somebody
// types, and the name or the secret is then asked for again.

const typedKey = (form) => "typed:" + form.querySelector("[name=form]")?.value;
const typedFields = (form) => form.querySelectorAll(".field :is(input:not([type=file]), textarea, select)");

function forgetTyped(form) {
  if (form.querySelector("[name=form]")) sessionStorage.removeItem(typedKey(form));
}

function restoreTyped(form) {
  const kept = form?.querySelector("[name=form]") && JSON.parse(sessionStorage.getItem(typedKey(form)) ?? "null");
  if (!kept) return;
  for (const el of typedFields(form)) {
    const was = kept[el.name];
    if (was === undefined || was === el.value || el.nodeName === "SELECT" && ![...el.options].some((o) => o.value === was)) continue;
    el.value = was;
    for (let d = el; d; d = d.parentElement) if (d.nodeName === "DETAILS") d.open = true;
  }
}

document.addEventListener("input", (e) => {
  const form = e.target.closest?.("#sheet .form");
  if (!form?.querySelector("[name=form]")) return;
  sessionStorage.setItem(typedKey(form), JSON.stringify(Object.fromEntries([...typedFields(form)].map((el) => [el.name, el.value]))));
});

// Chromium gives the focus back to the message box without its caret.
$("sheet").addEventListener("close", () => {
  const say = document.activeElement;
  if (say?.id !== "say") return;
  say.blur();
  say.focus({ preventScroll: true });
});

async function join() {
  if (!$("join")) await look(); // a name that does not count here any more
  const d = $("join");
  if (!d) return;
  if (d.open && !d.matches(":modal")) d.close();
  if (!d.open) d.showModal();
}

document.addEventListener("click", async (e) => {
  const el = e.target.closest("[data-join], [data-close], [data-more], [data-copy], [data-boss], [data-say], [data-fill], a[href^='#m-']");
  for (const m of document.querySelectorAll(".menu[open], .mine[open], .tongues[open]")) if (!m.contains(e.target)) m.open = false;
  if (!el) return;
  if ("join" in el.dataset) {
    e.preventDefault();
    join();
  } else if ("close" in el.dataset) {
    if (el.closest(".formfoot")) forgetTyped(el.closest(".form")); // said no, and not only looked away
    el.closest("dialog").close();
    if (el.dataset.to) reach("#" + el.dataset.to.replace(/head$/, "announcement")) || reach("#" + el.dataset.to);
  } else if (el.dataset.more) {
    const pair = $(el.dataset.more);
    const all = pair.toggleAttribute("data-all");
    el.setAttribute("aria-expanded", all);
    el.textContent = all ? el.dataset.less : el.dataset.whole;
  } else if ("boss" in el.dataset) { // opening it copies it; what was copied is seen below
    const box = el.parentElement;
    if (!box.open) setTimeout(() => box.querySelector("[data-copy]").click());
  } else if ("copy" in el.dataset) {
    await copy(el.closest(".copy").querySelector("pre"));
    el.textContent = el.dataset.copied;
    setTimeout(() => { el.textContent = el.dataset.copy; }, 2000);
  } else if (el.dataset.fill) {
    $(el.dataset.fill).value = el.dataset.value;
    $(el.dataset.fill).dispatchEvent(new Event("input", { bubbles: true }));
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

// The second click of a double click lands on the next prompt, which nobody has
// read yet: it is no vote.
document.addEventListener("click", (e) => {
  if (e.detail > 1 && e.target.closest(".seatfoot .choices")) e.preventDefault();
});

document.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && e.repeat && e.target.closest("button")) e.preventDefault(); // held down too long
  if (e.key === "Escape") for (const m of document.querySelectorAll(".menu[open], .mine[open], .tongues[open]")) {
    m.open = false;
    m.querySelector("summary").focus();
  }
  if ($("sheet").open && !e.ctrlKey && !e.metaKey && !e.altKey && !e.repeat && !e.target.closest("input, textarea, select")) {
    const button = $("sheet").querySelector(`button[data-keys~="${CSS.escape(e.key)}"]:not([hidden] *)`);
    if (button) e.preventDefault();
    button?.click();
  }
});

localTimes(document);
listen();
if ($("join")) join();
if (!reach(location.hash)) {
  (toBeTasted() ?? document.querySelector(".messages > .card:last-of-type"))?.scrollIntoView();
}

// Times that somebody types are meant in their own zone, which only the browser knows.
if ($("composer") && zone !== document.body.dataset.zone) send("/zone", new URLSearchParams({ zone })).catch(() => {});
