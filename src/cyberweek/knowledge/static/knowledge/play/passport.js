// The form that asks for a passport, wherever it stands; and the picker of regions in it.
import { arena, Refused, persist } from "./api.js";
import { $, $$, announce, language, say, settings } from "./page.js";
import { chosenPlaces, regionFields } from "./places.js";
import { Proof, RENEWABLE } from "./proof.js";
import { deviceToken, passport } from "./store.js";

const form = $("[data-passport-form]");
const listeners = [];

export const whenIssued = (listener) => listeners.push(listener);

// -- Regions: the same address as without a script gives the same fields, as a fragment -----------------------------------

const picker = form && $("[data-regions]", form);
let asked = 0;

async function chosen(select) {
  const mine = (asked += 1);
  try {
    const fields = await regionFields(select.value);
    if (mine !== asked) return; // an earlier question answered late
    picker.innerHTML = fields;
    document.getElementById(select.id)?.focus();
    tell("region", "");
  } catch {
    tell("region", say("regionsOffline"));
  }
}

const region = () => $$("select", picker).map((select) => select.value).filter(Boolean).pop() ?? "";

// -- The work before it ---------------------------------------------------------------------------------------------------

const MOST_PROOFS = 4;
const proof = form && new Proof({ native: form.dataset.native, plain: form.dataset.plain }, (working) => {
  $("[data-proof]", form).hidden = !working;
});

// Asks with a proof; with another one when the arena wants that.
async function issued(application) {
  for (let proofs = 1; ; proofs += 1) {
    const asked = { ...application, proof: await proof.text, device: deviceToken() };
    try {
      return await persist(() => arena.issue(asked), () => announce(say("passportWaits")));
    } catch (error) {
      proof.renew();
      if (proofs === MOST_PROOFS || !RENEWABLE.has(error.kind)) throw error;
    }
  }
}

// -- The form ---------------------------------------------------------------------------------------------------------

const field = (name) => (name === "region" ? $("select", picker) : $(`[data-entry="${name}"]`, form));
const FIELDS = { "bad-nickname": "nickname", "unknown-region": "region", "bad-code": "code" };

function tell(name, text) {
  const input = field(name);
  const line = $(`[data-error="${name}"]`, form);
  if (!line) return; // a code is asked for where a contest wants one
  line.hidden = !text;
  $("span", line).textContent = text;
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function tellAll(faults) {
  for (const name of ["nickname", "region", "band", "sector", "code"]) tell(name, faults[name] ?? "");
  const summary = $("[data-errors]", form);
  const wrong = Object.entries(faults);
  summary.hidden = wrong.length === 0;
  $("ul", summary).replaceChildren(
    ...wrong.map(([name, text]) => {
      const link = document.createElement("a");
      link.href = `#${field(name)?.id ?? form.id}`;
      link.textContent = text;
      const row = document.createElement("li");
      row.append(link);
      return row;
    }),
  );
  if (wrong.length) summary.focus();
}

function faultsOf(application) {
  const faults = {};
  if (!application.nickname.trim()) faults.nickname = say("noNickname");
  else if ([...application.nickname.trim()].length > 20) faults.nickname = say("longNickname");
  if (!application.region) faults.region = say("noRegion");
  if (!application.band) faults.band = say("noBand");
  if (!application.sector) faults.sector = say("noSector");
  return faults;
}

async function issue(event) {
  event.preventDefault();
  const button = $("[data-issue]", form);
  if (button.getAttribute("aria-busy") === "true") return;
  const [nickname, band, sector] = ["nickname", "band", "sector"].map((name) => field(name).value);
  const application = { nickname, region: region(), band, sector };
  const faults = faultsOf(application);
  tellAll(faults);
  if (Object.keys(faults).length) return;
  button.setAttribute("aria-busy", "true");
  const code = field("code")?.value.trim();
  try {
    if (!$("[data-proof]", form).hidden) announce(say("proofWorks"));
    const given = await issued(code ? { ...application, contest: settings.contest, code } : application);
    const places = chosenPlaces(picker);
    passport.set({ ...application, ...given, nickname: nickname.trim(), places, language });
    for (const listener of listeners) listener();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tellAll({ [FIELDS[error.kind] ?? "form"]: error.message });
  } finally {
    button.removeAttribute("aria-busy");
  }
}

if (form) {
  picker.addEventListener("change", (event) => chosen(event.target));
  form.addEventListener("submit", issue);
  form.addEventListener("focusin", () => proof.start(), { once: true });
  $("[data-issue]", form).disabled = false;
}

