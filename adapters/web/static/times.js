"use strict";

// localTimes writes the times below root in the reader's own zone, as the bot
// writes them: the hour alone today, with the weekday within six days, else with
// the date. Where the clocks of the place show another time, theirs follows. When
// an open tasting ends within the hour, the time that is left is counted down.
// Without this script all stand in the place's zone.
function localTimes(root) {
  const now = new Date();
  for (const el of root.querySelectorAll("time[datetime]")) {
    const at = new Date(el.dateTime);
    if (isNaN(at)) continue;
    el.title = at.toLocaleString(document.documentElement.lang, { dateStyle: "full", timeStyle: "long" });
    const left = Math.ceil((at - now) / 1000);
    const counts = left > 0 && left <= 3600 && el.closest("[data-open] .progress");
    el.toggleAttribute("data-counts", Boolean(counts));
    if (counts) countDown(el, left);
    else {
      el.textContent = localTime(at, now, el.dataset.zone);
      joinOn(el);
    }
  }
}

// joinOn takes away the space between a time's Chinese bracket and the Chinese that
// follows: 04:00（德国时间 10:00）截止.
function joinOn(el) {
  const after = el.nextSibling;
  if (el.textContent.endsWith("）") && after?.nodeType === Node.TEXT_NODE) after.data = after.data.replace(/^ (?=\p{Script=Han})/u, "");
}

function localTime(at, now, zone) {
  const { week, date, both } = document.body.dataset;
  const own = clock(at);
  const pattern = own.date === clock(now).date ? "{time}" : Math.abs(at - now) < 6 * 86400e3 ? week : date;
  const there = zone && clock(at, zone);
  if (!there || there.time === own.time && there.date === own.date) return put(pattern, own);
  return put(both, { own: put(pattern, own), there: put(there.date === own.date ? "{time}" : week, there), zone: there.zone });
}

const put = (pattern, parts) => pattern.replace(/{(\w+)}/g, (_, name) => parts[name]);

// clock is what clocks in a zone show at a time; the reader's own if it has no name.
function clock(at, timeZone) {
  const lang = document.documentElement.lang;
  const say = (how) => new Intl.DateTimeFormat(lang, { timeZone, ...how });
  return {
    weekday: say({ weekday: "short" }).format(at),
    month: say({ month: "short" }).format(at),
    day: say({ day: "numeric" }).formatToParts(at).find((p) => p.type === "day").value,
    time: say({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at),
    date: new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short" }).format(at),
    zone: timeZone && say({ timeZoneName: "shortGeneric" }).formatToParts(at).find((p) => p.type === "timeZoneName")?.value,
  };
}

function countDown(el, left) {
  const time = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
  el.textContent = put(document.body.dataset.left, { time });
}

setInterval(() => {
  for (const el of document.querySelectorAll("time[data-counts]")) {
    const left = Math.ceil((new Date(el.dateTime) - Date.now()) / 1000);
    if (left > 0) countDown(el, left);
    else localTimes(el.parentElement);
  }
}, 1000);
