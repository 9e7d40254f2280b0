// Tells whoever holds this phone's passport that they have won, or where they stand on the reserve.
import { $, say } from "../knowledge/play/page.js";
import { passport } from "../knowledge/play/store.js";

const mine = passport.get();
const row = mine && $(`[data-participant="${CSS.escape(mine.participant)}"]`);
if (row) {
  const line = $("[data-won]");
  const place = row.cells[0].textContent;
  $("p", line).textContent = say("wins" in row.dataset ? "won" : "reserve", { nickname: mine.nickname, place });
  line.hidden = false;
  row.setAttribute("aria-current", "true");
}
