// Tells whoever holds this phone's passport that they have won and where to claim it, or where they stand on the reserve.
import { $, say } from "../knowledge/play/page.js";
import { passport } from "../knowledge/play/store.js";
import { showPrizes } from "../passport/prizes.js";

const mine = passport.get();
const rowIn = (page) => $(`[data-participant="${CSS.escape(mine.participant)}"]`, page);

// Of a long list the server gives the page that somebody's row is on.
const there = mine && `?of=${encodeURIComponent(mine.participant)}`;
async function elsewhere() {
  const answer = await fetch(there);
  return answer.ok ? rowIn(new DOMParser().parseFromString(await answer.text(), "text/html")) : null;
}

const here = mine && rowIn(document);
const row = here ?? (mine && $(".pages") ? await elsewhere() : null);
if (row) {
  const { result } = row.dataset;
  row.setAttribute("aria-current", "true");
  if (result !== "excluded") {
    const line = $("[data-won]");
    $("p", line).textContent = say(result, { nickname: mine.nickname, place: row.cells[0].textContent });
    line.hidden = false;
    if (!here) {
      $("[data-row] a", line).href = `${there}#line-${mine.participant}`;
      $("[data-row]", line).hidden = false;
    }
  }
  if (result === "wins") showPrizes($("[data-prizes]"), mine.passport);
}
