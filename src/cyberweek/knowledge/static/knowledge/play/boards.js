// My line under the board, when this browser has a passport.
import { arena } from "./api.js";
import { $, inMinutes, number, say, settings } from "./page.js";
import { passport } from "./store.js";

const line = $("[data-me]");
const mine = passport.get();
if (line && mine) {
  try {
    const { me } = await arena.standing(settings.contest, settings.region, mine.passport);
    const { nickname } = mine;
    line.textContent = me?.excluded
      ? say("excluded", { nickname, reason: me.excluded.reason })
      : me
      ? say("me", { nickname, rank: number(me.rank), score: number(me.score), time: inMinutes(me.seconds) })
      : say("notYet", { nickname });
    line.hidden = false;
  } catch {
    // the board is whole without it
  }
}
