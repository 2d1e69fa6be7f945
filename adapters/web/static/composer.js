"use strict";

// The message box: a combobox over the bot's suggestions. It comes with the
// name, so its parts are looked up each time.

let asked = 0; // a late answer to an old question is not shown

function fillComposer(text) {
  const say = $("say");
  if (say?.nodeName !== "TEXTAREA") return join();
  say.value = text;
  say.focus();
  say.setSelectionRange(text.length, text.length);
  grow(say);
  suggest();
}

function clearComposer() {
  const say = $("say");
  say.value = "";
  grow(say);
  hide();
}

function grow(say) {
  say.style.height = "auto";
  if (say.value) say.style.height = say.scrollHeight + "px";
}

async function suggest() {
  const text = $("say").value;
  const mine = ++asked;
  if (!text.startsWith("/")) return hide();
  const r = await fetch("/suggest?text=" + encodeURIComponent(text.slice(0, 4000)));
  const found = r.ok ? await r.json() : [];
  if (mine !== asked || !$("options")) return;
  const list = $("options");
  const chosen = selected()?.dataset.text; // stays so, if it still fits
  list.replaceChildren(...found.map((s, i) => {
    const li = document.createElement("li");
    li.id = "option-" + i;
    li.role = "option";
    li.ariaSelected = String(s.text === chosen);
    li.dataset.text = s.text;
    const b = document.createElement("b");
    b.textContent = s.text.trim();
    const help = document.createElement("span");
    help.textContent = s.help;
    li.append(b, " ", help);
    return li;
  }));
  const none = !list.children.length;
  list.hidden = none;
  $("say").setAttribute("aria-expanded", !none);
  point();
}

function hide() {
  asked++;
  $("options").hidden = true;
  $("options").replaceChildren();
  $("say").setAttribute("aria-expanded", "false");
  $("say").removeAttribute("aria-activedescendant");
}

const selected = () => $("options").querySelector('[aria-selected="true"]');

function move(step) {
  const all = [...$("options").children];
  const i = all.indexOf(selected());
  const next = all[(i < 0 && step < 0 ? all.length - 1 : i + step + all.length) % all.length];
  for (const li of all) li.ariaSelected = String(li === next);
  next.scrollIntoView({ block: "nearest" });
  point();
}

// point tells a screen reader which completion is chosen.
function point() {
  const id = selected()?.id;
  if (id) $("say").setAttribute("aria-activedescendant", id);
  else $("say").removeAttribute("aria-activedescendant");
}

document.addEventListener("input", (e) => {
  if (e.target.id !== "say") return;
  grow(e.target);
  suggest();
});

document.addEventListener("keydown", (e) => {
  if (e.target.id !== "say" || e.isComposing) return;
  const open = !$("options").hidden;
  if (open && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
    e.preventDefault();
    move(e.key === "ArrowDown" ? 1 : -1);
  } else if (open && e.key === "Tab" && !e.shiftKey) {
    e.preventDefault();
    fillComposer((selected() || $("options").firstElementChild).dataset.text);
  } else if (open && e.key === "Escape") {
    e.stopPropagation();
    hide();
  } else if (e.key === "Enter" && !e.shiftKey) {
    e.preventDefault();
    if (open && selected()) fillComposer(selected().dataset.text);
    else {
      hide();
      e.target.form.requestSubmit();
    }
  }
}, true);

// Shift and Enter break the line; Enter alone sends, also where the keyboard
// types the line break by itself.
let shift = false;
document.addEventListener("keydown", (e) => { shift = e.shiftKey; }, true);
document.addEventListener("beforeinput", (e) => {
  if (e.target.id === "say" && /^insert(LineBreak|Paragraph)$/.test(e.inputType) && !shift) e.preventDefault();
});

document.addEventListener("mousedown", (e) => {
  const li = e.target.closest("#options li");
  if (!li) return;
  e.preventDefault(); // the box keeps the focus
  fillComposer(li.dataset.text);
});
