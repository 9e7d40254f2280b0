// The play page: which screen is shown, from the passport to the moment the arena has answered.
import { arena, clock, Offline, persist, Refused } from "./api.js";
import { Autosave } from "./autosave.js";
import {
  $, $$, announce, atClock, atSecond, clone, dayOf, fill, language, onDay, say, settings, show, tellTimeWasUp,
} from "./page.js";
import { whenIssued } from "./passport.js";
import { inOneLine, placesOf } from "./places.js";
import { Run } from "./run.js";
import { Sheet } from "./sheet.js";
import { choice, mendingOf, paperOf, passport, results, tries } from "./store.js";
import { Timer } from "./timer.js";

const { contest } = settings;
const KEEP_LANGUAGE_MS = 15_000; // nearer to the deadline the paper stays in the language it is in
const MOST_JITTER_MS = 2000;
const FIRST_NUMBERS = 2 ** 30; // of saves: any will do, they only must not meet those of another phone

let kept = paperOf(contest);
let sheet = null;
let timer = null;
let autosave = null;
let sending = false;
let run = null;

function boot() {
  const paper = kept.get();
  if (paper) clock.ahead = paper.ahead ?? 0;
  if (paper?.state === "late") tellLate(paper);
  else if (paper?.state === "sending") handIn();
  else if (paper && clock.now() >= Date.parse(paper.deadline)) timeIsUp();
  else if (paper) resume(paper);
  else if (passport.get()) ready();
  else show("passport");
}

function ready() {
  const mine = passport.get();
  fill(document, { nickname: mine.nickname });
  placesOf(mine).then((places) => fill(document, { place: inOneLine(places) }));
  const today = tries.on(contest, dayOf(clock.now(), settings.zone)).length;
  fill(document, { tries: today ? say("triesToday", { n: today, of: settings.attempts }) : "" });
  const unfinished = mendingOf(contest).get();
  if (unfinished && dayOf(Date.parse(unfinished.started), settings.zone) === dayOf(clock.now(), settings.zone)) {
    again(unfinished);
  } else {
    show("ready");
  }
}

// -- The code of a group ----------------------------------------------------------------------------------------------

const codeField = $("[data-code]");
const groupCode = () => codeField?.value.trim() || undefined;

if (codeField) {
  codeField.value = new URLSearchParams(location.search).get("code") ?? choice.get(`code.${contest}`) ?? "";
  codeField.addEventListener("input", () => tellCode(""));
}

function tellCode(text) {
  const line = $("[data-code-error]");
  line.hidden = !text;
  $("span", line).textContent = text;
  if (text) codeField.setAttribute("aria-invalid", "true");
  else codeField.removeAttribute("aria-invalid");
}

// -- Until right: what is wrong, and only that, is done again ---------------------------------------------------------

function again(paper) {
  const { items, result } = paper;
  const wrong = items.filter((_item, i) => !result.items[i].correct);
  fill(document, {
    againHead: say("againHead", { right: items.length - wrong.length, n: items.length }),
    againText: say("againText"),
  });
  $("[data-mend]").replaceChildren(
    ...wrong.map((item) => fill(clone("again-template"), { n: items.indexOf(item) + 1, stem: item.stem })),
  );
  tellTimeWasUp(paper);
  show("again");
}

// What the sheet shows of a paper: all of it, or what is still to be mended.
const shown = (paper) =>
  paper.right?.length
    ? { ...paper, items: paper.items.filter(({ id }) => !paper.right.includes(id)), topics: [] }
    : paper;

// The answers that were right, when the paper is the one that they were given on.
function rightBefore(items) {
  const before = mendingOf(contest).get();
  if (before?.items.map(({ id }) => id).join() !== items.map(({ id }) => id).join()) return { right: [], answers: {} };
  const right = before.result.items.filter((item) => item.correct).map(({ id }) => id);
  return { right, answers: Object.fromEntries(right.map((id) => [id, before.answers[id]])) };
}

// -- Start ------------------------------------------------------------------------------------------------------------

async function start(button) {
  if (button.getAttribute("aria-busy") === "true") return;
  if (settings.code === "needed" && !groupCode()) {
    tellCode(say("codeNeeded"));
    codeField.focus();
    return;
  }
  button.setAttribute("aria-busy", "true");
  try {
    const paper = await persist(() => arena.start(contest, passport.get().passport, groupCode()), tellWaiting);
    choice.set(`code.${contest}`, groupCode() ?? "");
    keep(paper);
    play(kept.get());
  } catch (error) {
    refuse(error);
  } finally {
    button.removeAttribute("aria-busy");
    for (const line of $$("[data-waiting]")) line.hidden = true;
  }
}

// The paper as the store keeps it. What was answered before stays when it is the same attempt.
function keep({ attempt, ticket, started, deadline, items, team }) {
  const before = kept.get();
  const same = before?.attempt === attempt;
  const mended = rightBefore(items);
  kept.set({
    attempt, ticket, started, deadline, items, contest, team,
    right: mended.right,
    answers: same ? before.answers : mended.answers,
    number: same ? before.number : Math.ceil(Math.random() * FIRST_NUMBERS),
    flags: same ? before.flags : [],
    at: same ? before.at : 0,
    topics: same ? before.topics : settings.topics,
    lang: language,
    ahead: clock.ahead,
    state: "open",
  });
  tries.note(attempt, contest, dayOf(Date.parse(started), settings.zone));
}

// After a reload: from what is kept, at once, with or without a network. Another language is asked for when there is time.
async function resume(paper) {
  play(paper);
  if (paper.lang === language || Date.parse(paper.deadline) - clock.now() < KEEP_LANGUAGE_MS) return;
  try {
    const translated = await arena.start(contest, passport.get().passport, groupCode());
    if (translated.attempt !== paper.attempt || kept.get()?.state !== "open" || kept.get().pending) return;
    keep(translated);
    location.reload();
  } catch {
    // it stays in the language that it was begun in
  }
}

// -- Play -------------------------------------------------------------------------------------------------------------

function play(paper) {
  const endless = settings.form === "endless";
  show(endless ? "run" : "play");
  $("[data-leave]").setAttribute("aria-label", say("leave"));
  const { started, deadline } = paper;
  fill(document, { where: say("where", { day: onDay(Date.parse(started)), at: atClock(Date.parse(deadline)) }) });
  if (endless) {
    run ??= new Run(kept, { ended, refused: refuse, waiting: tellWaiting, giveUp: confirmHandIn });
    startTimer(paper);
    return;
  }
  autosave = new Autosave(() => arena.save(kept.get()), tellSaved);
  sheet = new Sheet(shown(paper), {
    answer: (id, options) => change((now) => ({ ...now, answers: { ...now.answers, [id]: options }, number: now.number + 1 }), true),
    flag: (id, wanted) =>
      change((now) => ({ ...now, flags: [...now.flags.filter((one) => one !== id), ...(wanted ? [id] : [])] })),
    move: (at) => change((now) => ({ ...now, at }), false, false),
    handIn: confirmHandIn,
  });
  startTimer(paper);
  if (Object.keys(paper.answers).length) autosave.touch();
}

function startTimer({ started, deadline }) {
  const end = Date.parse(deadline);
  timer = new Timer($("[data-timer]"), { deadline: end, length: end - Date.parse(started), ended: timeIsUp });
}

function change(how, save = false, redraw = true) {
  const now = kept.change((paper) => (paper.state === "open" ? how(paper) : paper));
  if (!now) return;
  if (redraw) sheet.take(shown(now));
  if (save && now.state === "open") {
    tellSaved("saving");
    autosave.touch();
  }
}

function tellSaved(state, error) {
  if (state === "refused") {
    // Too late, or handed in elsewhere: handing in says which, and gets the answer that was given.
    handIn();
    return;
  }
  if (state === "kept") tellTrouble(troubleOf(error));
  else if (state === "saved") tellTrouble("");
  else if (!navigator.onLine) tellTrouble("Offline");
  const line = $("[data-saved]");
  line.dataset.saved = state;
  const word = { saved: "saved", saving: "saving", kept: "keptHere" }[state];
  $("span", line).textContent = say(word, { time: atSecond(Date.now()) });
}

// What is in the way, as the words name it.
function troubleOf(error) {
  if (error instanceof Offline) return navigator.onLine ? "Silent" : "Offline";
  return error.kind === "overloaded" ? "Busy" : "Fault";
}

function tellTrouble(trouble) {
  const bar = $("[data-offline]");
  if ((bar.dataset.trouble ?? "") === trouble) return;
  bar.dataset.trouble = trouble;
  bar.hidden = !trouble;
  if (trouble) fill(bar, { trouble: say(`trouble${trouble}`) });
  announce(trouble ? $("p", bar).textContent : say("online"));
}

// -- Hand in ----------------------------------------------------------------------------------------------------------

function confirmHandIn() {
  const { items, answers, flags } = shown(kept.get());
  if (run) {
    fill($("[data-confirm]"), { open: say("runGiveUp", { n: items.length - 1 }) });
    $("[data-confirm]").showModal();
    return;
  }
  const numbers = (wanted) => items.flatMap((item, i) => (wanted(item.id) ? [i + 1] : [])).join(say("comma"));
  const open = numbers((id) => !answers[id]?.length);
  const flagged = numbers((id) => flags.includes(id));
  fill($("[data-confirm]"), {
    open: open ? say("openItems", { n: items.filter((item) => !answers[item.id]?.length).length, items: open }) : say("allAnswered"),
    flaggedItems: flagged ? say("flaggedItems", { items: flagged }) : "",
  });
  $("[data-confirm]").showModal();
}

async function timeIsUp() {
  const paper = kept.get();
  if (clock.doubtful) {
    // Any answer of the arena tells its time. Without one the phone's own clock has to do.
    await arena.save(paper).catch(() => {});
    if (clock.now() < Date.parse(paper.deadline)) {
      change((now) => ({ ...now, ahead: clock.ahead }), false, false);
      if (sheet || run) startTimer(paper);
      else resume(paper);
      return;
    }
  }
  announce(say("timeIsUp"));
  const dialog = $("[data-confirm]");
  if (dialog.open) dialog.close();
  kept.change((now) => ({ ...now, timeWasUp: true })); // kept with its result, which says so
  // A contest's closing is everybody's deadline: not all in the same instant. The grace covers it.
  handIn(Math.random() * Math.min(MOST_JITTER_MS, (settings.grace * 1000) / 4));
}

async function handIn(after = 0) {
  if (sending) return;
  const paper = kept.change((now) => ({ ...now, state: "sending" }));
  if (!paper) return; // another tab has had the answer, and this one is about to hear of it
  sending = true;
  autosave?.stop();
  timer?.stop();
  tellTimeWasUp(paper);
  show("sending");
  await new Promise((done) => setTimeout(done, after));
  try {
    ended(await persist(() => arena.submit(settings.form === "endless" ? { ...paper, answers: {} } : paper), tellWaiting), paper);
  } catch (error) {
    if (results.find(paper.attempt)) {
      location.replace(`${settings.result}#${paper.attempt}`); // another tab had the answer
      return;
    }
    if (error.kind === "late" && settings.form === "endless") {
      kept.clear();
      refuse(new Refused(403, { type: "other", detail: say("runLate") }));
      return;
    }
    if (error.kind === "late") {
      tellLate(kept.change((now) => ({ ...now, state: "late" })));
      return;
    }
    kept.clear();
    refuse(error);
  }
}

// A result is here. A paper that is not all right yet is mended; any other is shown.
// Two tabs may be told of the same one: what is kept is the same, and the paper goes last, so that nobody finds neither.
function ended(result, paper = kept.get()) {
  const mending = mendingOf(contest);
  if (settings.form === "until-right" && result.score < result.max) {
    mending.set({ ...paper, result });
    putAway(paper);
    location.reload();
    return;
  }
  mending.clear();
  const items = paper.items.slice(0, result.items.length); // a run may end before the item that was shown last
  const told = result.items.filter(({ id, correct }) => correct && !paper.answers[id]).map(({ id, key }) => [id, key]);
  const answers = { ...paper.answers, ...Object.fromEntries(told) }; // given on another phone
  results.add({ ...paper, items, answers, result, title: settings.title, form: settings.form, state: "done" });
  putAway(paper);
  location.replace(`${settings.result}#${paper.attempt}`);
}

function putAway({ attempt }) {
  if (kept.get()?.attempt === attempt) kept.clear(); // not the next one, which another tab may have begun
}

// It cannot count, but it is the player's: it stays until the player begins anew.
function tellLate({ items, answers, lang }) {
  const list = $("[data-late-sheet]");
  list.replaceChildren(
    ...items.map(({ id, stem, options }) => {
      const given = options.filter((option) => answers[id]?.includes(option.id)).map((option) => option.text);
      return fill(clone("late-template"), { stem, given: given.join(" / ") || say("notAnswered") });
    }),
  );
  if (lang && lang !== language) list.lang = lang;
  refuse(new Refused(403, { type: "late" }));
}

function tellWaiting(error, seconds, wake) {
  for (const line of $$("[data-waiting]")) {
    line.hidden = false;
    $("span", line).textContent = say(`wait${troubleOf(error)}`, { s: Math.max(1, Math.round(seconds)) });
    $("button", line).onclick = wake;
  }
  const paper = kept.get();
  const over = paper && clock.now() > Date.parse(paper.deadline) + settings.grace * 1000;
  $("[data-too-late]").hidden = !over;
}

// Another tab of this phone has written, or handed in.
function follow(paper) {
  if (run && !sending && paper?.items.length !== $("[data-run-item] [data-text=n]")?.textContent * 1) location.reload();
  if (!sheet || sending) return;
  if (paper?.state === "open") sheet.take(shown(paper));
  else if (paper?.state === "sending") handIn();
  else location.reload();
}

// -- No -----------------------------------------------------------------------------------------------------------------

function refuse(error) {
  if (!(error instanceof Refused)) throw error;
  if (codeField && ["code-needed", "wrong-code", "many-guesses", "other-team"].includes(error.kind)) {
    show("ready");
    tellCode(error.message);
    codeField.focus();
    return;
  }
  timer?.stop();
  const kind = $(`[data-problem="${error.kind}"]`) ? error.kind : "other";
  for (const block of $$("[data-problem]")) block.hidden = block.dataset.problem !== kind;
  fill($('[data-screen="problem"]'), { detail: error.message });
  show("problem");
}

// -- The page's own buttons -----------------------------------------------------------------------------------------------

for (const button of $$("[data-start]")) button.addEventListener("click", () => start(button));
$("[data-confirm]").addEventListener("close", (event) => {
  if (event.target.returnValue === "hand-in") handIn();
});
for (const button of $$("[data-again]")) {
  button.addEventListener("click", () => {
    kept.clear();
    location.reload();
  });
}
for (const button of $$("[data-renew]")) {
  button.addEventListener("click", () => {
    passport.forget();
    location.reload();
  });
}
whenIssued(() => {
  kept = paperOf(contest);
  kept.onElsewhere(follow);
  ready();
});
kept.onElsewhere(follow);
addEventListener("offline", () => sheet && !sending && tellTrouble("Offline"));
addEventListener("online", () => sheet && !sending && !autosave.pending && tellTrouble(""));
addEventListener("pagehide", () => {
  const paper = kept.get();
  if (autosave?.pending && paper?.state === "open") arena.save(paper, true).catch(() => {});
});

boot();
