// Whether single keys act on the desk, kept in this browser (kernel/desk.js reads it). No storage, no switch.
const label = document.querySelector("[data-keys]");
try {
  const box = label.querySelector("input");
  box.checked = localStorage.getItem("keys") !== "off";
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
  label.hidden = false;
} catch {
  // keys act as they do for everybody
}
