// Before the first paint: the theme this person chose here, if any. Then: the button that switches it.
const root = document.documentElement;
const kept = (() => {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // storage is off: the system's theme serves
  }
})();
if (kept === "dark" || kept === "light") root.dataset.theme = kept;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-toggle]");
  if (!button) return;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // it holds until the page is left
  }
});
