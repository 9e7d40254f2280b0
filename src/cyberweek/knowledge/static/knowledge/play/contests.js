// The list of contests: whose passport this browser has, and which papers were written with it.
import { $, $$, atClock, clone, fill, inMinutes, onDate, say, settings } from "./page.js";
import { whenIssued } from "./passport.js";
import { inOneLine, placesOf } from "./places.js";
import { passport, results } from "./store.js";

function tell() {
  const mine = passport.get();
  for (const part of $$("[data-with-passport]")) part.hidden = !mine;
  for (const part of $$("[data-without-passport]")) part.hidden = Boolean(mine);
  if (mine) {
    fill(document, { nickname: mine.nickname });
    placesOf(mine).then((places) => fill(document, { place: inOneLine(places) }));
  }
  const papers = results.all().filter((one) => settings.results[one.contest]);
  const section = $("[data-papers]");
  if (!section) return;
  section.hidden = papers.length === 0;
  $("[data-papers-list]").replaceChildren(
    ...papers.map(({ attempt, contest, title, started, result }) => {
      const at = Date.parse(started);
      const row = fill(clone("paper-template"), {
        day: onDate(at),
        time: atClock(at),
        title,
        listed: say("listed", { score: result.score, max: result.max, time: inMinutes(result.seconds) }),
      });
      $("a", row).href = `${settings.results[contest]}#${attempt}`;
      return row;
    }),
  );
}

whenIssued(tell);
tell();
