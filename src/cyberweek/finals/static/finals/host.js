// The host's screen. Every act is a button with a key; a press carries a token, so that pressing twice acts once, and the
// newest step that was on the screen, so that two hosts do not act on each other's back.
import { follow, freshToken, post, serverNow } from "./feed.js";
import { $, countdown, draw, h, hindrance, hue, lettersOf, link, list, named, result, roundLine, say, settings, signed, told, turnLine } from "./parts.js";

let state = null;
let busy = ""; // the kind of step that is under way
let waiting = null; // another one, pressed meanwhile
let chosen = []; // what the team said aloud
let ofItem = "";

const feed = follow({
  stream: settings.stream,
  state: settings.state,
  onLink: link,
  onState: (body) => {
    state = body;
    if (body.item?.id !== ofItem) [ofItem, chosen] = [body.item?.id ?? "", []];
    show();
  },
});

async function step(kind, more = {}) {
  if (!state) return;
  if (busy) {
    if (busy !== kind) waiting = [kind, more]; // the same again is a finger that slipped
    return;
  }
  busy = kind;
  tell("");
  show();
  const press = { kind, step: state.step, token: freshToken(), ...more };
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      const { ok, body } = await post(settings.step, press);
      if (ok) feed.take(body);
      else tell(body.reason === "forbidden" ? say("forbidden") : body.words ?? "");
      break;
    } catch {
      tell(say("lost"));
      await new Promise((done) => setTimeout(done, 700));
    }
  }
  busy = "";
  show();
  const next = waiting;
  waiting = null;
  if (next) step(...next);
}

function tell(text) {
  $("[data-told]").textContent = text;
}

function take(kind) {
  if (kind === "closed" && state.round.done < state.round.turns && !confirm(say("confirmClose"))) return;
  if (kind === "finished" && !confirm(say("confirmFinish"))) return;
  step(kind);
}

// -- Buttons that stand on the page --
for (const button of document.querySelectorAll("[data-step]")) button.addEventListener("click", () => take(button.dataset.step));
for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => step("screen", { show: state.screen === button.dataset.show ? "item" : button.dataset.show }));
$("[data-next]").addEventListener("click", () => { const first = usual(); if (first) take(first); });
$("[data-spoken]").addEventListener("click", () => { if (chosen.length) step("answer", { options: chosen }); });

// While a team has to choose nothing is usual: closing the round instead would be a slip.
const usual = () => (state && state.next[0] !== "chosen" ? state.next[0] : "") ?? "";

function deciding() {
  return (state.buzzes ?? []).some((one) => one.verdict === "counts") && state.stage === "armed";
}

function show() {
  if (!state) return;
  const words = { before: "stageBefore", idle: "stageIdle", reading: "stageReading", armed: deciding() ? "stageDeciding" : "stageArmed", answering: "stageAnswering", judged: "stageJudged", done: "stageDone", over: "stageOver" };
  $("[data-where]").textContent = `${roundLine(state)} · ${turnLine(state)}`;
  $("[data-state]").textContent = say(words[state.stage]);
  const first = usual();
  $("[data-next]").disabled = !first;
  $("[data-next]").setAttribute("aria-busy", String(Boolean(busy)));
  $("[data-next-words]").textContent = first ? say(first) : state.next[0] ? say(state.next[0]) : "–";
  for (const button of document.querySelectorAll("[data-step]")) button.disabled = !(button.dataset.step === "undone" ? state.number > 1 : state.next.includes(button.dataset.step));
  for (const button of document.querySelectorAll("[data-show]")) {
    button.disabled = ["before", "over", "armed", "answering"].includes(state.stage);
    button.setAttribute("aria-pressed", String(state.screen === button.dataset.show));
  }
  $("[data-spoken]").disabled = state.stage !== "answering" || !chosen.length;
  draw($("[data-item]"), ...item());
  draw($("[data-teams]"), ...state.teams.map(team));
  draw($("[data-buzzes]"), ...(state.buzzes ?? []).map(buzz));
  $("[data-buzz-box]").hidden = !(state.buzzes ?? []).length;
  draw($("[data-marks]"), ...[...state.marks].reverse().slice(0, 30).map(mark));
  $("[data-marks-box]").hidden = !state.marks.length;
}

function item() {
  if (!state.item) return [...choices()];
  const silent = state.responders.filter((seat) => !state.answered.includes(seat));
  return [
    h("p", { class: "s second" }, [state.stake ? say("stake", { n: state.stake }) : "", state.item.kind === "multiple" ? say("multiple") : "", state.item.id].filter(Boolean).join(" · ")),
    h("h2", { class: "host__stem" }, told(state.item.stem)),
    h("ol", { class: "host__opts" }, state.item.options.map((one, index) => {
      const button = h("button", { type: "button", class: "host__opt", "data-id": one.id, "data-key": String(index + 1), "aria-pressed": String(chosen.includes(one.id)), "data-right": String(state.item.key.includes(one.id)), disabled: state.stage !== "answering", onclick: () => toggle(one.id) },
        h("kbd", { "aria-hidden": "true" }, String(index + 1)), h("b", {}, one.letter), h("span", {}, told(one.text)));
      const teams = Object.entries(state.answers).filter(([, ids]) => ids.includes(one.id)).map(([seat]) => named(state, Number(seat)));
      return h("li", {}, button, teams.length ? h("small", {}, teams.join(say("comma"))) : null);
    })),
    h("p", { class: "s" }, say("key", { letters: lettersOf(state.item, state.item.key) })),
    state.stage === "answering" && silent.length ? h("p", { class: "s" }, say("waiting", { teams: list(state, silent) })) : null,
    state.drawn.length ? h("p", { class: "s" }, say("drawn", { teams: list(state, state.drawn) })) : null,
    h("ul", { class: "outcomes s" }, state.results.map((one) => result(state, one, named(state, one.team)))),
    ...choices(),
  ];
}

function toggle(id) {
  if (state.item.kind !== "multiple") chosen = [id];
  else chosen = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
  show();
}

/** Choosing for a team that says its number or its stake aloud. */
function choices() {
  if (!state.next.includes("chosen")) return [];
  const risk = state.round.kind === "risk";
  const all = risk ? [...state.round.values, 0] : Array.from({ length: state.round.items }, (_none, index) => index + 1);
  return [
    h("h2", { class: "s" }, `${say("chosen")}: ${named(state, state.inTurn)}`),
    h("div", { class: "row" }, all.map((value, index) => h("button", { type: "button", class: "button", "data-id": `c${value}`, "data-key": !risk && value < 10 ? String(value) : risk ? String(index + 1) : null, disabled: !risk && state.taken.includes(value), onclick: () => step("chosen", risk ? { value } : { number: value }) }, risk && !value ? "0" : String(value)))),
  ];
}

function team(one) {
  const phone = state.phones.find((each) => each.seat === one.seat) ?? {};
  const there = phone.there ? "phoneThere" : phone.joined ? "phoneAway" : "phoneNever";
  const kept = state.item ? hindrance(state, one.seat) : "";
  return h("li", { "data-day": hue(one.seat), "data-active": state.responders.includes(one.seat) || state.inTurn === one.seat ? "" : null },
    h("span", {}, String(one.place)), h("b", {}, one.name), h("span", { class: "host__points" }, String(one.score)),
    h("small", { "data-there": String(Boolean(phone.there)) }, [say(there), phone.roundTrip === null || phone.roundTrip === undefined ? "" : say("roundTrip", { n: phone.roundTrip }), kept].filter(Boolean).join(" · ")));
}

function buzz(one) {
  const words = { counts: "buzzCounts", early: "buzzEarly", locked: "buzzLocked", after: "buzzAfter" };
  return h("tr", { "data-verdict": one.verdict }, h("th", { scope: "row" }, named(state, one.team)), h("td", { class: "num" }, String(one.raw)), h("td", { class: "num" }, String(one.credit)), h("td", { class: "num" }, String(one.corrected)), h("td", {}, say(words[one.verdict])));
}

function mark(one) {
  const words = say(one.right ? "toWrong" : "toRight");
  return h("li", {}, h("span", {}, h("b", {}, named(state, one.team)), ` ${one.code} · ${say(one.right ? "right" : "wrong")} ${signed(one.points)}`, one.reason ? h("small", { class: "second" }, ` ${say("overruled", { reason: one.reason })}`) : null),
    settings.score && one.open && state.stage !== "over" ? h("button", { type: "button", class: "button button--quiet", "data-id": `m${one.item}-${one.team}`, "aria-label": `${words}: ${named(state, one.team)}, ${one.code}`, onclick: () => overrule(one) }, words) : null);
}

const dialog = $("[data-overrule]");
let about = null;
function overrule(one) {
  about = one;
  $("[data-about]").textContent = `${named(state, one.team)} · ${one.code} · ${say(one.right ? "toWrong" : "toRight")}`;
  $("textarea", dialog).value = "";
  dialog.showModal();
}
$("form", dialog).addEventListener("submit", (event) => {
  if (event.submitter?.value !== "yes") return;
  const reason = $("textarea", dialog).value.trim();
  if (!reason) { event.preventDefault(); return; }
  step("overruled", { item: about.item, team: about.team, right: !about.right, reason });
});

// The same switch as on the person's own page: single keys can be turned off.
const keys = $("[data-keys]");
try {
  keys.checked = localStorage.getItem("keys") !== "off";
  keys.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "on" : "off"));
} catch {
  keys.disabled = true;
}

countdown($("[data-countdown]"), () => state && { ...state, screen: "item" });
setInterval(() => { if (state && (deciding() || (state.until && serverNow() > state.until))) show(); }, 1000);
