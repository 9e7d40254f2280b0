// My passport: what is stored, taken to another phone, forgotten.
import { arena, Refused } from "./api.js";
import { $, $$, announce, fill, say } from "./page.js";
import { whenIssued } from "./passport.js";
import { inOneLine, placesOf } from "./places.js";
import { passport } from "./store.js";
import { showPrizes } from "../../passport/prizes.js";

const FIELDS = ["passport", "participant", "nickname", "region", "band", "sector"];

// The code is the passport with what the page shows of it, so that the other phone can show it too.
function encode(mine) {
  const kept = Object.fromEntries(FIELDS.map((name) => [name, mine[name] ?? ""]));
  return btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(kept))));
}

function decode(code) {
  try {
    const bytes = Uint8Array.from(atob(code.replace(/\s+/g, "")), (letter) => letter.charCodeAt(0));
    const found = JSON.parse(new TextDecoder().decode(bytes));
    return FIELDS.every((name) => typeof found[name] === "string") && found.passport ? found : null;
  } catch {
    return null;
  }
}

function tell() {
  const mine = passport.get();
  for (const part of $$("[data-with-passport]")) part.hidden = !mine;
  for (const part of $$("[data-without-passport]")) part.hidden = Boolean(mine);
  showPrizes($("[data-prizes]"), mine?.passport);
  if (!mine) return;
  fill(document, { nickname: mine.nickname, participant: mine.participant, code: encode(mine) });
  placesOf(mine).then((places) => fill(document, { place: inOneLine(places) }));
  for (const name of ["band", "sector"]) {
    // The form on this page names every choice in the page's language.
    const option = $(`#passport-${name} option[value="${CSS.escape(mine[name])}"]`);
    $(`[data-choice="${name}"]`).textContent = option?.textContent ?? mine[name];
  }
}

function tellCode(text) {
  $('[data-error="code"]').hidden = !text;
  $('[data-error="code"] span').textContent = text;
  if (text) $("#code").setAttribute("aria-invalid", "true");
  else $("#code").removeAttribute("aria-invalid");
}

async function takeOver(event) {
  event.preventDefault();
  const found = decode($("#code").value);
  tellCode(found ? "" : say("badCode"));
  if (!found) {
    $("#code").focus();
    return;
  }
  try {
    await arena.check(found.passport);
  } catch (error) {
    tellCode(say(error instanceof Refused ? "refusedCode" : "offlineCode"));
    return;
  }
  passport.set(found);
  $("#code").value = "";
  tell();
  $("#stored").scrollIntoView();
}

$("[data-take-over]").addEventListener("submit", takeOver);
$("[data-copy]").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($('[data-text="code"]').textContent);
    announce(say("copied"));
  } catch {
    getSelection().selectAllChildren($('[data-text="code"]'));
    announce(say("notCopied"));
  }
});
$("[data-forget]").addEventListener("click", () => $("[data-confirm]").showModal());
$("[data-confirm]").addEventListener("close", (event) => {
  if (event.target.returnValue !== "forget") return;
  passport.forget();
  location.reload();
});
whenIssued(tell);
tell();
