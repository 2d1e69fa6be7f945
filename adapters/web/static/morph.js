"use strict";

// morph makes the element `have` like `want`, in place: what is focused,
// opened, typed or scrolled stays so. Elements are matched by id, else by
// position. What has data-own belongs to the page's scripts and stays as it
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
    let old = next.id ? byID.get(next.id) : at && !at.id && at.nodeName === next.nodeName ? at : null;
    if (old && old.nodeName !== next.nodeName) old = null;
    if (!old) have.insertBefore(next, at);
    else {
      if (old === at) at = at.nextSibling;
      else have.insertBefore(old, at);
      morph(old, next);
    }
  }
  while (at) {
    const rest = at.nextSibling;
    at.remove();
    at = rest;
  }
}
