// The names of a participant's places, from the province down, in the page's language. The picker's address knows them.
import { $$, language, settings } from "./page.js";
import { passport } from "./store.js";

export async function regionFields(code) {
  const url = new URL(settings.regions, location.href);
  url.searchParams.set("region", code);
  const response = await fetch(url, { headers: { "HX-Request": "true" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.text();
}

export const chosenPlaces = (fields) =>
  $$("select", fields)
    .map((select) => select.selectedOptions[0])
    .filter((option) => option?.value && !option.hasAttribute("data-none"))
    .map((option) => ({ code: option.value, name: option.textContent.trim() }));

// [{code, name}]; asked for once a language, then kept with the passport.
export async function placesOf(mine) {
  if (mine.places && mine.language === language) return mine.places;
  try {
    const page = new DOMParser().parseFromString(await regionFields(mine.region), "text/html");
    const places = chosenPlaces(page);
    passport.set({ ...mine, places, language });
    return places;
  } catch {
    return mine.places ?? [];
  }
}

export const inOneLine = (places) => places.map(({ name }) => name).join(" · ");
