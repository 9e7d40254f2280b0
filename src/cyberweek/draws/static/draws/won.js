// Tells whoever holds this phone's passport that they have won and where to claim it, or where they stand on the reserve.
import { $, say } from "../knowledge/play/page.js";
import { passport } from "../knowledge/play/store.js";
import { showPrizes } from "../passport/prizes.js";

const mine = passport.get();
const row = mine && $(`[data-participant="${CSS.escape(mine.participant)}"]`);
if (row) {
  const { result } = row.dataset;
  row.setAttribute("aria-current", "true");
  if (result !== "excluded") {
    const line = $("[data-won]");
    $("p", line).textContent = say(result, { nickname: mine.nickname, place: row.cells[0].textContent });
    line.hidden = false;
  }
  if (result === "wins") showPrizes($("[data-prizes]"), mine.passport);
}
