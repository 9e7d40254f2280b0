// The big screen: item, options, time, who buzzed, lock-outs, standings. It only shows.
import { follow } from "./feed.js";
import { $, countdown, draw, h, hindrance, hue, link, list, named, option, ranked, result, roundLine, say, settings, signed, told, turnLine } from "./parts.js";

let state = null;

follow({ stream: settings.stream, state: settings.state, onLink: link, onState: (body) => { state = body; show(); } });

function show() {
  $("[data-where]").textContent = state.stage === "before" ? "" : roundLine(state);
  $("[data-turn]").textContent = state.item && state.screen === "item" ? turnLine(state) : "";
  document.documentElement.dataset.stage = state.stage;
  document.documentElement.dataset.screen = state.screen;
  draw($("[data-main]"), ...main());
  draw($("[data-side]"), ...side());
}

function main() {
  if (state.stage === "over") return [h("h2", { class: "stage__poster" }, say(winners().length > 1 ? "winners" : "winner")), h("p", { class: "stage__winner" }, winners().join(say("comma"))), board()];
  if (state.screen === "break") return [h("h2", { class: "stage__poster" }, say("break")), board()];
  if (state.screen === "scores" || (!state.item && state.stage === "done")) return [h("h2", { class: "stage__poster" }, state.group.length ? say("tie", { teams: list(state, state.group) }) : say("standings")), board()];
  if (!state.item) return [h("h2", { class: "stage__poster" }, state.stage === "before" ? say("before") : roundLine(state)), ...choice()];
  return item();
}

const winners = () => state.teams.filter((team) => team.place === 1).map((team) => team.name);

function choice() {
  if (!state.inTurn) return [];
  const line = h("p", { class: "stage__winner" }, state.round.kind === "must" ? named(state, state.inTurn) : say("chooses", { team: named(state, state.inTurn) }));
  if (state.round.kind === "choose") {
    const numbers = Array.from({ length: state.round.items }, (_none, index) => index + 1);
    return [line, h("ol", { class: "stage__numbers" }, numbers.map((n) => h("li", { "data-taken": state.taken.includes(n) ? "" : null, "aria-current": state.choice === n ? "true" : null }, String(n))))];
  }
  if (state.round.kind === "risk") {
    return [line, h("ol", { class: "stage__numbers" }, state.round.values.map((n) => h("li", { "aria-current": state.choice === n ? "true" : null }, String(n))))];
  }
  return [line];
}

function item() {
  const meta = [state.stake ? say("stake", { n: state.stake }) : "", state.item.kind === "multiple" ? say("multiple") : ""].filter(Boolean);
  const given = (one) => Object.entries(state.answers).filter(([, ids]) => ids.includes(one.id)).map(([team]) => named(state, Number(team)));
  return [
    h("p", { class: "stage__meta" }, meta.join(" · ")),
    h("h2", { class: "stage__stem" }, told(state.item.stem)),
    h("ol", { class: "stage__opts" }, state.item.options.map((one) => {
      const row = option(state.item, one);
      const teams = given(one);
      if (teams.length) row.append(h("small", {}, teams.join(say("comma"))));
      return row;
    })),
    status(),
  ];
}

function status() {
  if (state.stage === "judged" || state.stage === "done") {
    return h("div", { class: "stage__now" }, h("ul", { class: "outcomes" }, state.results.map((one) => result(state, one, named(state, one.team)))), h("p", { class: "stage__why" }, told(state.item.why)));
  }
  const wrong = h("ul", { class: "outcomes" }, state.results.map((one) => result(state, one, named(state, one.team))));
  if (state.stage === "reading") return h("div", { class: "stage__now" }, h("p", { class: "stage__tell" }, say("ready")), wrong);
  if (state.stage === "armed") return h("div", { class: "stage__now" }, h("p", { class: "stage__tell", "data-go": "" }, say("go")), wrong);
  const buzzed = state.round.kind === "buzzer" || state.round.kind === "tiebreak";
  const line = state.responders.length > 1
    ? h("p", { class: "stage__tell" }, say("answered", { n: state.answered.length, of: state.responders.length }))
    : h("p", { class: "stage__tell", "data-go": "" }, h("small", {}, say(buzzed ? "first" : "inTurn")), named(state, state.responders[0]));
  return h("div", { class: "stage__now" }, line, state.drawn.length ? h("p", {}, say("drawn", { teams: list(state, state.drawn) })) : null, wrong);
}

const board = () => h("ol", { class: "stage__board" }, ranked(state).map((team) => h("li", { "data-day": hue(team.seat), "data-first": team.place === 1 ? "" : null }, h("span", {}, String(team.place)), h("b", {}, team.name), h("span", { class: "stage__points" }, String(team.score)))));

function side() {
  if (state.stage === "over" || state.screen !== "item") return [];
  return [h("ol", { class: "stage__teams" }, state.teams.map((team) => {
    const mine = state.results.find((one) => one.team === team.seat);
    const kept = state.item ? hindrance(state, team.seat) : "";
    const active = state.responders.includes(team.seat) || (!state.item && state.inTurn === team.seat);
    const tell = mine ? signed(mine.points) : kept || (state.stage === "answering" && state.answered.includes(team.seat) && state.responders.length > 1 ? "✓" : "");
    return h("li", { "data-day": hue(team.seat), "data-active": active ? "" : null, "data-kept": kept ? "" : null },
      h("b", {}, team.name), h("span", { class: "stage__points" }, String(team.score)), h("small", { "data-right": mine ? String(mine.right) : null }, tell));
  }))];
}

countdown($("[data-countdown]"), () => state);
setInterval(() => { if (state && Object.values(state.locked).some((until) => until > 0)) draw($("[data-side]"), ...side()); }, 500);
