// Keeps fresh what the server drew: figures from the arena's stream, cities and activities from the server, the clock.
import { draw } from "./curve.js";
import { compact, heatBounds, heatStep } from "./scales.js";
import { follow } from "./stream.js";

const wall = document.querySelector("[data-wall]");
const chinese = document.documentElement.lang.startsWith("zh");
const smallest = Number(wall.dataset.smallest);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const one = (selector, root = wall) => root.querySelector(selector);
const all = (selector, root = wall) => [...root.querySelectorAll(selector)];

// -- Time: this machine's clock may be wrong, the arena's is the one that counts -----------------------------------------
const parts = new Intl.DateTimeFormat("en-GB", { timeZone: wall.dataset.zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
let ahead = Date.parse(wall.dataset.now) - Date.now();

function local(instant) {
  const found = Object.fromEntries(parts.formatToParts(instant).map((part) => [part.type, part.value]));
  return { day: `${found.year}-${found.month}-${found.day}`, time: `${found.hour}:${found.minute}:${found.second}`, minute: Number(found.hour) * 60 + Number(found.minute) };
}
const firstDay = local(Date.now() + ahead).day;

function tick() {
  const now = local(Date.now() + ahead);
  one("[data-clock]").textContent = now.time;
  if (now.day !== firstDay) again(); // another day: its name, its hue, its place on the ring
  if (state.dataset.state === "lost") tellAge();
  setTimeout(tick, 1000 - ((Date.now() + ahead) % 1000));
}

/** Has the server draw the page anew, but not over and over: what is wanted may take a while to be there. */
function again() {
  try {
    if (Date.now() - Number(sessionStorage.getItem("wall-again")) < 60_000) return;
    sessionStorage.setItem("wall-again", Date.now());
  } catch {
    return; // without storage nobody knows how often it has been
  }
  location.reload();
}

// -- Figures -------------------------------------------------------------------------------------------------------------
const running = new WeakMap();

/** Counts from what stands there up to `value`; at once for who wants no motion. */
function count(element, value, write = (n) => n.toLocaleString("en-US")) {
  const from = Number(element.dataset.value);
  element.dataset.value = value;
  cancelAnimationFrame(running.get(element));
  const show = (n) => {
    const text = write(n);
    element.textContent = text;
    element.style.setProperty("--n", text.length);
  };
  if (still.matches || document.hidden || !Number.isFinite(from) || from === value) return show(value);
  const start = performance.now();
  const step = (now) => {
    const gone = Math.min(1, (now - start) / 900);
    show(Math.round(from + (value - from) * (1 - (1 - gone) ** 3)));
    if (gone < 1) running.set(element, requestAnimationFrame(step));
  };
  running.set(element, requestAnimationFrame(step));
}

function showParts(regions, cities) {
  const rows = all("[data-parts] [data-region]");
  const known = { ...Object.fromEntries(cities.map((city) => [city.region, city])), ...regions };
  // null: withheld by the arena. A region that is not told of has nobody.
  const people = Object.fromEntries(rows.map((row) => [row.dataset.region, known[row.dataset.region] ? known[row.dataset.region].participants : 0]));
  const bounds = heatBounds(Object.values(people));
  const most = Math.max(1, ...Object.values(people).filter(Boolean));
  for (const row of rows) {
    const n = people[row.dataset.region];
    one("[data-people]", row).textContent = n === null ? "–" : compact(n, chinese);
    const tile = one("a[class^=heat]", row);
    if (tile) tile.className = `heat-${heatStep(n, bounds)}`;
    one(".meter", row)?.style.setProperty("--v", Math.round((100 * (n ?? 0)) / most));
  }
  const legend = one("[data-legend]");
  const words = bounds.map((bound) => compact(bound, chinese));
  one("[data-step='1']", legend).textContent = legend.dataset.under.replace("{n}", words[0]);
  for (const step of [2, 3, 4]) one(`[data-step='${step}']`, legend).textContent = `${words[step - 2]}–${words[step - 1]}`;
  one("[data-step='5']", legend).textContent = legend.dataset.over.replace("{n}", words[3]);
  one("[data-withheld]", legend).hidden = !Object.values(people).includes(null);
}

function showTopics(topics, participants) {
  for (const row of all("[data-topic]")) {
    const found = topics[row.dataset.topic];
    const share = found?.answered && participants >= smallest ? Math.round((100 * found.right) / found.answered) : null;
    one("[data-share]", row).textContent = share === null ? "–" : `${share}%`;
    one(".meter", row).style.setProperty("--v", share ?? 0);
  }
}

function showCities(figures) {
  const list = one("#wall-cities ol");
  if (!list) return;
  for (const row of list.children) {
    const found = figures[row.dataset.region];
    if (found?.participants) count(one("[data-people]", row), found.participants);
  }
  const people = (row) => Number(one("[data-people]", row).dataset.value);
  const sorted = [...list.children].sort((a, b) => people(b) - people(a));
  if (sorted.some((row, i) => row !== list.children[i])) list.append(...sorted);
  sorted.forEach((row, i) => (one("[data-rank]", row).textContent = i + 1));
}

// A part that was empty when the page was made has no rows to fill: the server draws it once there is something.
const lacking = () => (all("[data-topic]").length === 0 ? one("[data-topics-empty]") : null);

function show(snapshot) {
  ahead = Date.parse(snapshot.at) - Date.now();
  if (snapshot.papers && lacking()) again();
  count(one("[data-figure=participants]"), snapshot.participants);
  count(one("[data-figure=papers]"), snapshot.papers);
  showTopics(snapshot.topics, snapshot.participants);
  showParts(snapshot.regions, snapshot.cities);
  showCities({ ...snapshot.regions, ...Object.fromEntries(snapshot.cities.map((city) => [city.region, city])) });
  const now = local(Date.parse(snapshot.at));
  const midnight = Math.floor(Date.parse(snapshot.at) / 60_000) - now.minute;
  draw(one("[data-chart]"), snapshot.minutes.map(([minute, papers]) => [minute - midnight, papers]), now.minute, chinese);
  one("[data-at]").textContent = now.time;
  if (snapshot.head.batch) {
    one("[data-head]").hidden = false;
    one("[data-batch]").textContent = snapshot.head.batch.toLocaleString("en-US");
    one("[data-hash]").textContent = snapshot.head.hash.slice(0, 12);
  }
  say("live", words.dataset.liveText);
}

// -- State of the stream -------------------------------------------------------------------------------------------------
const state = one(".wall__state");
const words = one("[data-state-text]");
const age = one("[data-age]");
let heard = Date.now();

function say(name, text) {
  if (name === "live") heard = Date.now();
  if (state.dataset.state === name) return; // said once, not every second
  state.dataset.state = name;
  words.textContent = text;
  age.hidden = name !== "lost";
}

function tellAge() {
  const seconds = Math.round((Date.now() - heard) / 1000);
  const [unit, long] = [["hour", 3600], ["minute", 60], ["second", 1]].find(([, size]) => seconds >= 2 * size || size === 1);
  const shown = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "short" });
  age.textContent = age.dataset.text.replace("{age}", shown.format(Math.floor(seconds / long)));
}

// -- Cities and activities: drawn by the server, fetched again every half minute -------------------------------------------
async function refresh() {
  try {
    const answer = await fetch(wall.dataset.rows, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const section of fresh.querySelectorAll("section[id]")) document.getElementById(section.id)?.replaceWith(section);
  } catch {
    // the state of the stream says that the line is down; these rows can wait
  }
}

tick();
setInterval(refresh, 30_000);
if (wall.dataset.live) {
  follow(wall.dataset.live, { onSnapshot: show, onLost: () => say("lost", words.dataset.lostText) });
}
