// The day's line: the same drawing as core/curve.py, again for every snapshot.
import { axisTop, compact } from "./scales.js";

const SLOT = 5, DAY = 1440, HOUR = 60, QUARTER = 15;
const LEFT = 96, RIGHT = 1410, TOP = 20, BOTTOM = 390;
const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

function bySlot(minutes, until) {
  const sums = new Map();
  for (const [minute, papers] of minutes) {
    if (minute < 0 || minute >= until) continue;
    const slot = Math.floor(minute / SLOT);
    sums.set(slot, (sums.get(slot) ?? 0) + papers);
  }
  return Array.from({ length: Math.ceil(Math.min(until, DAY) / SLOT) }, (_, slot) => {
    const wide = Math.min(SLOT, until - slot * SLOT);
    return [Math.min(slot * SLOT + 2, until), (sums.get(slot) ?? 0) / wide];
  });
}

function byMinute(minutes, until) {
  const known = new Map(minutes);
  const start = Math.min(until, ...known.keys());
  const first = Math.max(0, until - Math.min(HOUR, Math.max(QUARTER, until - start)));
  return Array.from({ length: until - first }, (_, i) => [first + i, known.get(first + i) ?? 0]);
}

const read = (line) => line.dataset.points.split(" ").filter(Boolean).map((pair) => pair.split(",").map(Number));

/** Draws today's minutes ([[minute of the day, papers], …]) as they are at the minute of the day `until`. */
export function draw(chart, minutes, until, chinese) {
  const past = [...chart.querySelectorAll("[data-points]")];
  const earlier = past.map(read);
  const start = minutes.length ? Math.min(...minutes.map(([minute]) => minute)) : until;
  const young = !past.length && until - start < 2 * HOUR;
  const points = young ? byMinute(minutes, until) : bySlot(minutes, until);
  const first = young ? (points[0]?.[0] ?? 0) : 0;
  const last = young ? Math.max(until, QUARTER) : DAY;
  const most = [points, ...earlier].flat().reduce((top, [, value]) => Math.max(top, value), 0);
  const top = axisTop(most);
  const x = (minute) => (LEFT + ((minute - first) / (last - first)) * (RIGHT - LEFT)).toFixed(1);
  const y = (value) => (BOTTOM - (value / top) * (BOTTOM - TOP)).toFixed(1);
  const line = (values) => values.map(([minute, value]) => `${x(minute)},${y(value)}`).join(" ");

  past.forEach((one, i) => one.setAttribute("points", line(earlier[i])));
  const drawn = line(points);
  const end = points.at(-1) ?? [until, 0];
  chart.querySelector("[data-today]").setAttribute("points", drawn);
  chart.querySelector("[data-area]").setAttribute("points", `${drawn} ${x(end[0])},${BOTTOM} ${x(points[0]?.[0] ?? until)},${BOTTOM}`);
  chart.querySelector("[data-end]").setAttribute("transform", `translate(${x(end[0])} ${y(end[1])})`);

  [...chart.querySelectorAll("[data-levels] text")].forEach((label, third) => {
    label.textContent = compact(Math.floor((top * third) / 3), chinese);
  });
  times(chart.querySelector("[data-times]"), first, last, young ? (last - first <= 2 * QUARTER ? 5 : 10) : 240, x);

  const rate = new Map(minutes).get(until - 1) ?? 0;
  const words = chart.querySelector("[data-rate]");
  const right = Number(x(end[0])) > 1100;
  words.setAttribute("text-anchor", right ? "end" : "start");
  words.setAttribute("x", right ? -18 : 18);
  words.textContent = words.dataset.text.replace("{n}", rate.toLocaleString("en-US"));
  const note = document.querySelector("[data-young]");
  if (note) note.hidden = !young;
}

function times(group, first, last, step, x) {
  const ticks = [];
  for (let tick = Math.ceil(first / step) * step; tick <= last; tick += step) ticks.push(tick);
  while (group.children.length > ticks.length) group.lastElementChild.remove();
  while (group.children.length < ticks.length) group.append(group.firstElementChild.cloneNode());
  ticks.forEach((tick, i) => {
    group.children[i].setAttribute("x", x(tick));
    group.children[i].textContent = clock(tick);
  });
}
