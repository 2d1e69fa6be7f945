"use strict";

// morph makes the element `have` like `want`, in place: what is focused,
// opened, typed or scrolled stays so. Elements are matched by id, else in
// their order. What has data-own belongs to the page's scripts and stays as it
// is, as do the attributes that people change: open, data-all. An element with
// data-same stands for what is there already.
function morph(have, want) {
  if (have.nodeType !== Node.ELEMENT_NODE) {
    if (have.data !== want.data) have.data = want.data;
    return;
  }
  if ("own" in have.dataset || "same" in want.dataset) return;
  const kept = (a) => a === "data-all" || (a === "open" && /^(DETAILS|DIALOG)$/.test(have.nodeName));
  for (const { name } of [...have.attributes]) if (!want.hasAttribute(name) && !kept(name)) have.removeAttribute(name);
  for (const { name, value } of want.attributes) if (!kept(name) && have.getAttribute(name) !== value) have.setAttribute(name, value);

  const wanted = new Set([...want.children].map((e) => e.id).filter(Boolean));
  const byID = new Map();
  for (const e of [...have.children]) {
    if (!e.id) continue;
    if (wanted.has(e.id)) byID.set(e.id, e);
    else e.remove();
  }
  let at = have.firstChild;
  for (const next of [...want.childNodes]) {
    let old = next.id ? byID.get(next.id) : alike(at, next);
    if (old && old.nodeName !== next.nodeName) old = null;
    if (!old) {
      have.insertBefore(next, at);
      continue;
    }
    while (at && at !== old && !at.id) at = drop(at); // what stood in between is gone
    if (old === at) at = at.nextSibling;
    else have.insertBefore(old, at); // moving it takes its focus away, so only if need be
    morph(old, next);
  }
  while (at) at = drop(at);
}

// alike finds, from at on, the node that next is the new state of: of the same
// name and the same first class. The text between elements is no landmark.
function alike(at, next) {
  const kind = (n) => n.nodeName + "." + (n.classList?.[0] ?? "");
  if (next.nodeType !== Node.ELEMENT_NODE) return at?.nodeType === next.nodeType ? at : null;
  for (; at && !at.id; at = at.nextSibling) if (kind(at) === kind(next)) return at;
  return null;
}

function drop(node) {
  const rest = node.nextSibling;
  node.remove();
  return rest;
}
