// The form that asks for a passport, wherever it stands; and the picker of regions in it.
import { arena, Refused, persist } from "./api.js";
import { $, $$, announce, language, say } from "./page.js";
import { chosenPlaces, regionFields } from "./places.js";
import { passport } from "./store.js";

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

// -- The form ---------------------------------------------------------------------------------------------------------

const field = (name) => (name === "region" ? $("select", picker) : $(`[data-entry="${name}"]`, form));

function tell(name, text) {
  const input = field(name);
  const line = $(`[data-error="${name}"]`, form);
  line.hidden = !text;
  $("span", line).textContent = text;
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function tellAll(faults) {
  for (const name of ["nickname", "region", "band", "sector"]) tell(name, faults[name] ?? "");
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
  try {
    const issued = await persist(() => arena.issue(application), () => announce(say("passportWaits")));
    const places = chosenPlaces(picker);
    passport.set({ ...application, ...issued, nickname: nickname.trim(), places, language });
    for (const listener of listeners) listener();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tellAll({ [{ "bad-nickname": "nickname", "unknown-region": "region" }[error.kind] ?? "nickname"]: error.message });
  } finally {
    button.removeAttribute("aria-busy");
  }
}

if (form) {
  picker.addEventListener("change", (event) => chosen(event.target));
  form.addEventListener("submit", issue);
  $("[data-issue]", form).disabled = false;
}

