"use strict";

// localTimes writes the times below root in the reader's own zone, as the bot
// writes them: the hour alone today, with the weekday within six days, else with
// the date. Without this script they stand in the place's zone.
function localTimes(root) {
  const lang = document.documentElement.lang;
  const { week, date } = document.body.dataset;
  const now = new Date();
  for (const el of root.querySelectorAll("time[datetime]")) {
    const at = new Date(el.dateTime);
    if (isNaN(at)) continue;
    const parts = {
      weekday: at.toLocaleDateString(lang, { weekday: "short" }),
      month: at.toLocaleDateString(lang, { month: "short" }),
      day: at.getDate(),
      time: at.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    };
    const today = at.toDateString() === now.toDateString();
    const pattern = today ? "{time}" : Math.abs(at - now) < 6 * 86400e3 ? week : date;
    el.textContent = pattern.replace(/{(\w+)}/g, (_, name) => parts[name]);
    el.title = at.toLocaleString(lang, { dateStyle: "full", timeStyle: "long" });
  }
}
