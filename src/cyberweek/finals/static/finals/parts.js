// What phone, big screen and host draw alike. Text is set as text, never as markup.
import { serverNow } from "./feed.js";

const data = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");
export const settings = data("settings");
const words = data("words");
const tag = document.documentElement.lang;

export const say = (key, values = {}) => words[key].replace(/%\((\w+)\)s/g, (_found, name) => values[name] ?? "");
export const told = (text) => text[tag] ?? text.en ?? Object.values(text)[0] ?? "";
export const $ = (selector, root = document) => root.querySelector(selector);

/** An element: h("p", {class: "s", "data-x": 1, onclick}, "text", child). Null children and attributes are left out. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key.startsWith("--")) element.style.setProperty(key, value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Puts new children in place and keeps the focus on what has the same data-id. */
export function draw(place, ...children) {
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  place.replaceChildren(...children.flat().filter(Boolean));
  if (focused) place.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

export const named = (state, seat) => state.teams.find((team) => team.seat === seat)?.name ?? "";
export const list = (state, seats) => seats.map((seat) => named(state, seat)).join(say("comma"));
export const lettersOf = (item, ids) => item.options.filter((one) => ids.includes(one.id)).map((one) => one.letter).join("");
export const ranked = (state) => [...state.teams].sort((a, b) => a.place - b.place || a.seat - b.seat);
export const hue = (seat) => ((seat - 1) % 7) + 1;
export const signed = (points) => (points > 0 ? `+${points}` : points < 0 ? `−${-points}` : "0");
export const roundName = (state) => say(state.round.kind === "must" && state.round.together ? "together" : state.round.kind);
export const roundLine = (state) =>
  state.round.kind === "tiebreak" ? say("tiebreak") : `${say("round", { n: state.round.number, of: state.round.of })} · ${roundName(state)}`;
export const turnLine = (state) => (state.round.kind === "tiebreak" ? "" : say("turn", { n: Math.min(state.item && (state.stage === "judged") ? state.round.done : state.round.turn, state.round.turns), of: state.round.turns }));

/** Why a team cannot press now, in words; "" when nothing keeps it. */
export function hindrance(state, seat) {
  if (state.out.includes(seat)) return say("isOut");
  const until = state.locked[seat];
  if (until === undefined) return "";
  if (until <= 0) return say("locked");
  const seconds = Math.ceil((until - serverNow()) / 1000);
  return seconds > 0 ? say("lockedFor", { n: seconds }) : "";
}

/** Keeps `place` (a ring box) at the time that is left: hidden when no time runs. */
export function countdown(place, current) {
  const ring = place.querySelector(".ring");
  const number = place.querySelector("[data-left]");
  setInterval(() => {
    const state = current();
    place.hidden = !state?.until || state.screen !== "item";
    if (place.hidden) return;
    const left = Math.max(0, state.until - serverNow());
    ring.style.setProperty("--p", Math.min(1, left / (state.seconds * 1000)));
    const text = String(Math.ceil(left / 1000));
    if (number.textContent !== text) number.textContent = text;
    place.toggleAttribute("data-short", left < 5000);
  }, 100);
}

/** One of the item's options as a row: its letter, its text, and how it came out once judged. */
export function option(item, one, more = {}) {
  const right = item.key?.includes(one.id);
  return h("li", { class: "opt-row", "data-right": item.key ? String(right) : null, ...more }, h("b", { class: "opt-row__l" }, one.letter), h("span", {}, told(one.text)));
}

export function result(state, one, name) {
  return h("li", { "data-right": String(one.right), class: "outcome" }, h("b", {}, name), h("span", {}, `${say(one.right ? "right" : "wrong")} ${signed(one.points)}`), one.reason ? h("small", {}, say("overruled", { reason: one.reason })) : null);
}

export function link(mode) {
  for (const place of document.querySelectorAll("[data-link]")) {
    place.dataset.link = mode;
    const text = say(mode);
    if (place.textContent !== text) place.textContent = text;
  }
  document.documentElement.dataset.connection = mode;
}
