// A team's phone: one big buzzer, answers, choices. What is not sent yet is kept in the phone and sent when it can be.
import { follow, freshToken, post, serverNow } from "./feed.js";
import { $, countdown, draw, h, hindrance, lettersOf, link, named, option, ranked, result, roundLine, say, settings, signed, told, turnLine } from "./parts.js";

const stage = $("[data-stage]");
const foot = $("[data-foot]");
const KEPT = `final ${settings.join}`;
let state = null;
let ticked = ""; // the item that `chosen` belongs to
let chosen = [];
let pending = read(); // {item, options, token}: an answer that the server has not taken yet
let note = "";
let pressed = { item: "", at: 0 };
let busy = false;

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? null;
  } catch {
    return null;
  }
}
function keep(value) {
  pending = value;
  try {
    if (value) localStorage.setItem(KEPT, JSON.stringify(value));
    else localStorage.removeItem(KEPT);
  } catch { /* a phone that keeps nothing still plays */ }
}

const feed = follow({
  stream: settings.stream,
  state: settings.state,
  onLink: link,
  onNonce: (nonce) => { post(settings.echo, { nonce }).catch(() => {}); },
  onState: (body) => {
    if (state?.item?.id !== body.item?.id || state?.stage !== body.stage) note = "";
    state = body;
    if (pending && (body.item?.id !== pending.item || body.may !== "answer")) keep(null);
    if (body.item && ticked !== body.item.id) {
      ticked = body.item.id;
      chosen = pending?.item === ticked ? pending.options : [];
    }
    show();
    if (pending) send();
  },
});

// -- Sending --

async function press(event) {
  if (event.type === "pointerdown" && event.button) return;
  const item = state?.item?.id;
  if (!item || busy || (pressed.item === item && performance.now() - pressed.at < 400)) return;
  pressed = { item, at: performance.now() };
  busy = true;
  navigator.vibrate?.(30);
  const token = freshToken();
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      const { ok, body } = await post(settings.buzz, { item, token });
      note = ok ? "" : body.words ?? "";
      if (ok) feed.take(body);
      break;
    } catch {
      note = say("notSent");
      show();
      await new Promise((done) => setTimeout(done, 250));
    }
  }
  busy = false;
  show();
}

function answer() {
  if (!chosen.length || pending) return;
  keep({ item: state.item.id, options: chosen, token: freshToken() });
  send();
}

async function send() {
  if (busy || !pending) return;
  busy = true;
  note = say("sending");
  show();
  try {
    const { ok, body } = await post(settings.answer, pending);
    keep(null);
    note = ok ? "" : body.words ?? "";
    if (ok) feed.take(body);
  } catch {
    note = say("notSent");
    setTimeout(send, 1000);
  }
  busy = false;
  show();
}

async function choose(what) {
  if (busy) return;
  busy = true;
  const token = freshToken();
  try {
    const { ok, body } = await post(settings.choose, { ...what, token });
    note = ok ? "" : body.words ?? "";
    if (ok) feed.take(body);
  } catch {
    note = say("notSent");
  }
  busy = false;
  show();
}

// -- Showing --

function show() {
  if (!state) return;
  if (state.stage === "strange") return told_only("gone", "takeBack");
  if (!state.active) return told_only("otherPhone", "takeBack");
  const me = state.teams.find((team) => team.seat === state.me);
  $("[data-score]").textContent = say("points", { n: me.score });
  $("[data-where]").textContent = state.stage === "before" ? "" : roundLine(state);
  document.documentElement.dataset.may = state.may;
  const view = { idle: idle, reading: buzzing, armed: buzzing, answering: answering, judged: judged, done: done, over: over }[state.stage];
  draw(stage, ...(view ? view(me) : [h("p", { class: "lead" }, say("before"))]));
  draw(foot, ...controls(), h("p", { class: "foot__note", role: "status" }, note));
}

function told_only(text, act) {
  draw(stage, h("p", { class: "lead" }, say(text)), h("p", {}, h("a", { class: "button button--primary button--big", href: `${settings.join}?code=-` }, say(act))));
  draw(foot);
}

const stem = () => [
  h("p", { class: "turn" }, [turnLine(state), state.stake ? say("stake", { n: state.stake }) : "", state.item.kind === "multiple" ? say("multiple") : ""].filter(Boolean).join(" · ")),
  h("h2", { class: "stem" }, told(state.item.stem)),
];

function idle() {
  const turn = state.inTurn;
  const lines = [h("p", { class: "lead" }, say("waitRound", { round: roundLine(state) }))];
  if (state.screen === "break") lines.unshift(h("p", { class: "lead" }, say("break")));
  if (turn) lines.push(h("p", { class: "turn" }, turn === state.me ? say("yourTurn") : say("theirTurn", { team: named(state, turn) })));
  return [...lines, standings()];
}

function buzzing() {
  return [...stem(), h("ol", { class: "opt-list" }, state.item.options.map((one) => option(state.item, one)))];
}

function answering() {
  if (state.may !== "answer") {
    const mine = state.mine ? [h("p", { class: "flash", "data-kind": "ok" }, say("sent", { letters: lettersOf(state.item, state.mine) }))] : [];
    const first = state.responders.length === 1 ? say(state.round.kind === "buzzer" || state.round.kind === "tiebreak" ? "theyWon" : "theirTurn", { team: named(state, state.responders[0]) }) : say("others");
    return [...stem(), ...(mine.length ? mine : [h("p", { class: "lead" }, first)]), h("ol", { class: "opt-list" }, state.item.options.map((one) => option(state.item, one)))];
  }
  const many = state.item.kind === "multiple";
  const rows = state.item.options.map((one) => {
    const box = h("input", { type: many ? "checkbox" : "radio", name: "option", value: one.id, "data-id": one.id });
    box.checked = chosen.includes(one.id);
    box.disabled = Boolean(pending);
    box.addEventListener("change", () => {
      chosen = many ? state.item.options.map((each) => each.id).filter((id) => (id === one.id ? box.checked : chosen.includes(id))) : [one.id];
      show();
    });
    return h("li", {}, h("label", { class: "pick" }, box, h("b", { class: "opt-row__l" }, one.letter), h("span", {}, told(one.text))));
  });
  const won = state.round.kind === "buzzer" || state.round.kind === "tiebreak" ? [h("p", { class: "lead now" }, say("youWon"))] : [];
  return [...won, ...stem(), h("fieldset", { class: "picks" }, h("legend", { class: "sr-only" }, say("answer")), h("ol", { class: "opt-list" }, rows))];
}

function judged() {
  if (!state.item) return idle();
  const mine = state.results.find((one) => one.team === state.me);
  const line = mine ? h("p", { class: "flash", "data-kind": mine.right ? "ok" : "bad" }, say(mine.right ? "judgedRight" : "judgedWrong", { n: signed(mine.points) })) : h("p", { class: "turn" }, say("judgedNone"));
  return [line, ...stem(), h("ol", { class: "opt-list" }, state.item.options.map((one) => option(state.item, one))), h("ul", { class: "outcomes" }, state.results.map((one) => result(state, one, named(state, one.team)))), h("p", { class: "why" }, told(state.item.why))];
}

const done = () => (state.item ? judged() : [standings()]);

function over(me) {
  return [h("p", { class: "lead" }, me.place === 1 ? say("won") : say("over")), h("p", { class: "turn" }, say("place", { n: me.place })), standings()];
}

const standings = () => h("ol", { class: "ladder" }, ranked(state).map((team) => h("li", { "aria-current": team.seat === state.me ? "true" : null }, h("span", {}, String(team.place)), h("b", {}, team.name), h("span", {}, String(team.score)))));

function controls() {
  if (state.may === "buzz") return [buzzer()];
  if (state.may === "answer") return [h("button", { class: "button button--primary button--big wide", type: "button", "data-id": "answer", disabled: !chosen.length || Boolean(pending), onclick: answer }, say("answer"))];
  if (state.may !== "choose") return [];
  if (state.round.kind === "risk") {
    return [h("p", {}, say("chooseValue")), h("div", { class: "choice" }, [...state.round.values, 0].map((value) => h("button", { class: "button button--big", type: "button", "data-id": `v${value}`, onclick: () => choose({ value }) }, value ? say("points", { n: value }) : say("pass"))))];
  }
  const numbers = Array.from({ length: state.round.items }, (_none, index) => index + 1);
  return [h("p", {}, say("chooseNumber")), h("div", { class: "choice choice--numbers" }, numbers.map((number) => h("button", { class: "button button--big", type: "button", "data-id": `n${number}`, disabled: state.taken.includes(number), onclick: () => choose({ number }) }, String(number))))];
}

function buzzer() {
  const kept = hindrance(state, state.me);
  const mine = pressed.item === state.item.id && state.stage === "armed" && !kept && !note && performance.now() - pressed.at < 3000;
  const over = state.stage === "armed" && serverNow() > state.until;
  const text = kept || (over ? say("timeUp") : mine ? say("buzzSent") : state.stage === "armed" ? say("buzzNow") : say("buzzWait"));
  return [
    h("p", { class: "foot__tell", "aria-live": "assertive" }, text),
    h("button", { class: "buzzer", type: "button", "data-id": "buzz", "data-open": state.stage === "armed" && !kept && !over ? "" : null, "aria-disabled": kept ? "true" : null, onpointerdown: press, onclick: press }, say("buzz")),
  ];
}

countdown($("[data-countdown]"), () => (state?.active ? state : null));
setInterval(() => { if (state?.may === "buzz" && Object.keys(state.locked).length) show(); }, 500);

// A phone that dims is a buzzer that is not there.
async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch { /* allowed or not, the page works */ }
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) stayAwake(); });
document.addEventListener("pointerdown", stayAwake, { once: true });
stayAwake();
