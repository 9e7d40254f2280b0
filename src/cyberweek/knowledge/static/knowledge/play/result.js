// The result of a paper that this phone wrote: score, rank, topics, what was right and why, the receipt.
import { arena, pause } from "./api.js";
import { $, $$, announce, atClock, clone, fill, inMinutes, number, onDay, say, settings, tellTimeWasUp } from "./page.js";
import { placesOf } from "./places.js";
import { badge, pathElement, segmentPath } from "./ring.js";
import { passport, results } from "./store.js";

const ASKS_FOR_RANK = 6; // the standings count a paper within a second or two; after this many asks it is left out
const PLACES = 3; // nation, province, city

const wanted = decodeURIComponent(location.hash.slice(1));
const paper = results.find(wanted) ?? results.all().find((one) => one.contest === settings.contest);

function draw() {
  const { result, items, topics, started } = paper;
  const right = result.items.filter((item) => item.correct).length;
  fill(document, {
    score: number(result.score),
    outOf: say("outOf", { max: number(result.max) }),
    head: say("head", { day: onDay(Date.parse(started)), time: inMinutes(result.seconds) }),
    right: paper.form === "endless" ? say("inARow", { n: right }) : say("right", { right, max: items.length }),
    receipt: result.receipt,
  });
  document.title = `${say("right", { right, max: items.length })} · ${document.title}`;
  const byTopic = topicsOf(topics, result.items);
  drawTopics(byTopic);
  drawAnswers(byTopic);
  $("[data-result]").hidden = false;
  tellTimeWasUp(paper); // last: in what is shown already, a screen reader hears it come
}

// Papers go topic by topic, in the order of the blueprint.
function topicsOf(topics, verdicts) {
  let from = 0;
  const parts = topics.map((topic) => {
    const mine = verdicts.slice(from, from + topic.count);
    from += topic.count;
    return { ...topic, right: mine.filter((one) => one.correct).length };
  });
  return from === verdicts.length ? parts : [];
}

function drawTopics(topics) {
  const ring = $("[data-ring]");
  const parts = topics.length ? topics : [{ name: "", hue: 4, right: paper.result.score, count: paper.result.max }];
  const title = document.createElementNS(ring.namespaceURI, "title");
  title.id = "ring-title";
  title.textContent = parts.map(({ name, right, count }) => say("topicSegment", { topic: name, right, count })).join("; ");
  ring.replaceChildren(
    title,
    ...parts.flatMap(({ hue, right, count }, i) => {
      const shape = { inner: 62, gap: 4 };
      const track = pathElement("ring__track", segmentPath(i, parts.length, shape));
      const part = pathElement("ring__seg", segmentPath(i, parts.length, { ...shape, growth: right / count }), hue);
      return right ? [track, part] : [track];
    }),
  );
  $("[data-topics]").hidden = topics.length === 0;
  $("[data-bars]").replaceChildren(
    ...topics.map(({ name, hue, right, count }, i) => {
      const row = fill(clone("bar-template"), { figure: `${right}/${count}` });
      row.dataset.day = hue;
      $("[data-topic]", row).append(badge(i, topics.length), name);
      $("[data-meter]", row).style.setProperty("--v", (100 * right) / count);
      return row;
    }),
  );
}

function drawAnswers(topics) {
  const topicOf = topics.flatMap((topic, place) => Array.from({ length: topic.count }, () => ({ ...topic, place })));
  const rows = paper.items.map((item, i) => drawAnswer(item, i, topicOf[i], topics.length));
  const wrong = rows.filter((_row, i) => !paper.result.items[i].correct);
  const rightRows = rows.filter((_row, i) => paper.result.items[i].correct);
  $("[data-answereds]").replaceChildren(...wrong, ...rightRows);
  fill(document, { mistakes: wrong.length ? say("mistakesFirst", { n: wrong.length }) : say("noMistakes") });
  const all = $("[data-show-all]");
  if (wrong.length === 0 || rightRows.length === 0) return;
  for (const row of rightRows) row.dataset.folded = "";
  all.textContent = say("all", { n: rows.length });
  all.hidden = false;
  all.addEventListener("click", () => {
    for (const row of rightRows) delete row.dataset.folded;
    all.hidden = true;
    $("h3", rightRows[0]).focus();
  });
}

function drawAnswer(item, index, topic, topicCount) {
  const verdict = paper.result.items[index];
  const texts = (ids) => item.options.filter((option) => ids.includes(option.id)).map((option) => option.text);
  const row = fill(clone("answered-template"), {
    n: index + 1,
    stem: item.stem,
    given: texts(paper.answers[item.id] ?? []).join(" / ") || say("nothing"),
    key: texts(verdict.key).join(" / "),
    explanation: verdict.explanation,
    reference: cite(verdict.reference),
  });
  $("h3", row).tabIndex = -1;
  if (topic) {
    $("[data-topic]", row).dataset.day = topic.hue;
    $("[data-topic]", row).append(badge(topic.place, topicCount), topic.name);
  }
  const given = $("[data-given]", row);
  given.dataset.right = verdict.correct ? "yes" : "no";
  if (verdict.correct) $("[data-key]", row).remove();
  else $("svg", given).replaceWith(clone("wrong-template"));
  return row;
}

function cite({ title, version, article, section }) {
  if (article) return say("citeLaw", { title, version, article });
  return section ? say("citeSection", { title, section }) : title;
}

// -- Ranks: as the standings have them, asked again until this paper is counted --------------------------------------------

async function askForRanks() {
  const mine = passport.get();
  if (!mine) return;
  const places = [settings.nation, ...(await placesOf(mine))].slice(0, PLACES);
  for (let ask = 0; ask < ASKS_FOR_RANK; ask += 1) {
    try {
      const boards = await Promise.all(
        places.map(async ({ code, name }) => ({
          name, ...(await arena.standing(settings.contest, code, mine.passport)),
        })),
      );
      const out = boards.find(({ me }) => me?.excluded);
      if (out) {
        drawExclusion(out.me.excluded);
        return;
      }
      if (boards.every(({ me }) => me && isCounted(me))) {
        drawRanks(boards);
        return;
      }
    } catch {
      // asked again below
    }
    await pause(1 + ask).over;
  }
}

const isCounted = ({ score, seconds }) =>
  score > paper.result.score || (score === paper.result.score && seconds <= paper.result.seconds);

function drawExclusion({ reason, since }) {
  const at = Date.parse(since);
  fill(document, { excluded: say("excluded", { reason, day: onDay(at), time: atClock(at) }) });
  $("[data-excluded]").hidden = false;
}

function drawRanks(boards) {
  const time = atClock(Date.now());
  $("[data-ranks]").replaceChildren(
    ...boards.map(({ name, me, count }) =>
      fill(clone("rank-template"), {
        label: say("rank", { place: name }),
        rank: number(me.rank),
        note: say("ofPeople", { count: number(count), time }),
      }),
    ),
  );
  const { name, me, count } = boards[0];
  const better = Math.floor((100 * (count - me.rank)) / count);
  const lead = me.rank === 1 ? say("leadFirst", { place: name }) : say("lead", { percent: better, place: name });
  fill(document, { lead: count > 1 ? lead : "" });
}

// -- The team that the paper was written for --------------------------------------------------------------------------------

async function askForTeam() {
  const mine = paper.team;
  if (!mine) return;
  fill(document, { team: say("forTeam", { team: mine.name }) });
  $("[data-team]").hidden = false;
  if (!settings.ranked_teams) return;
  try {
    const page = await (await fetch(settings.teams)).text();
    const row = $(`#team-${CSS.escape(mine.id)}`, new DOMParser().parseFromString(page, "text/html"));
    if (!row) return;
    const { place, average } = row.dataset;
    fill(document, { team: say(place ? "teamPlace" : "teamUnranked", { team: mine.name, place, average }) });
  } catch {
    // the link leads there too
  }
}

// -- The page's own buttons --------------------------------------------------------------------------------------------------

function listen() {
  const { receipt, score, max } = paper.result;
  $("[data-print]").addEventListener("click", () => print());
  $("[data-download]").href = `data:text/plain;charset=utf-8,${encodeURIComponent(receipt)}`;
  $("[data-copy]").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(receipt);
      announce(say("copied"));
    } catch {
      getSelection().selectAllChildren($('[data-text="receipt"]'));
      announce(say("notCopied"));
    }
  });
  const share = $("[data-share]");
  share.hidden = !navigator.share;
  share.addEventListener("click", () => {
    const text = say("share", { score: number(score), max: number(max), title: paper.title });
    navigator.share({ text, url: new URL("../", location.href).href }).catch(() => {});
  });
}

if (paper) {
  draw();
  listen();
  askForRanks();
  askForTeam();
} else {
  $("[data-none]").hidden = false;
}
