// What the page gives its modules: settings and words as data, templates to clone, screens to show.
const data = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");

export const settings = data("settings");
const words = data("words");
export const language = document.documentElement.lang;
const locale = language === "en" ? "en-GB" : language; // the pages write Sunday 22 November

export const say = (key, values = {}) => 
  words[key].replace(/%%|%\((\w+)\)s/g, (found, name) => (found === "%%" ? "%" : (values[name] ?? "")));
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const clone = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

export function fill(root, texts) {
  for (const [name, text] of Object.entries(texts)) {
    for (const place of $$(`[data-text="${name}"]`, root)) place.textContent = text;
  }
  return root;
}

// One screen at a time; its heading takes the focus, so that a screen reader hears where it is.
export function show(name) {
  for (const screen of $$("[data-screen]")) screen.hidden = screen.dataset.screen !== name;
  document.documentElement.dataset.shown = name;
  const heading = $(`[data-screen="${name}"] [data-focus]`);
  if (heading && document.activeElement !== document.body) heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

export const announce = (text) => {
  $("[data-announce]").textContent = text;
};

// A paper that handed itself in says so wherever it is met afterwards.
export function tellTimeWasUp({ timeWasUp }) {
  for (const line of $$("[data-time-was-up]")) line.hidden = !timeWasUp;
}

// Times are on the clock of whoever holds the phone.
const format = (options) => (ms) => new Intl.DateTimeFormat(locale, { hourCycle: "h23", ...options }).format(ms);
export const atClock = format({ hour: "2-digit", minute: "2-digit" });
export const atSecond = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const onDay = format({ month: "long", day: "numeric", weekday: "short" });
export const onDate = format({ month: "short", day: "numeric" });

// 2019-09-19: the contest's own calendar day, by which tries are counted.
export const dayOf = (ms, zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(ms);

export const inMinutes = (seconds) =>
  seconds < 60 ? say("seconds", { s: seconds }) : say("minutes", { m: Math.floor(seconds / 60), s: seconds % 60 });

export const number = (value) => new Intl.NumberFormat(locale).format(value);
