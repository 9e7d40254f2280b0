// Keys of the desk. They act only outside fields and can be switched off (accounts:me keeps "keys" in this browser).
const keysAreOn = () => {
  try {
    return localStorage.getItem("keys") !== "off";
  } catch {
    return true;
  }
};

document.addEventListener("keydown", (event) => {
  if (!keysAreOn() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)
    ?? (event.key === "/" ? document.getElementById("find") : null);
  if (!target) return;
  event.preventDefault();
  const folded = target.closest("details:not([open])");
  if (folded && !target.matches("summary")) {
    // What cannot be seen is not pressed: it opens, and the first field in it is ready to be filled in.
    folded.open = true;
    (folded.querySelector("input:not([type=hidden]), select, textarea") ?? target).focus();
  } else if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});

// "Select all on this page", and what a bulk act will do, said in its label.
for (const all of document.querySelectorAll("[data-select-all]")) {
  const boxes = () => [...document.querySelectorAll(`input[name="${all.dataset.selectAll}"]:not(:disabled)`)];
  const tell = () => {
    const chosen = boxes().filter((box) => box.checked);
    all.checked = chosen.length > 0 && chosen.length === boxes().length;
    all.indeterminate = chosen.length > 0 && !all.checked;
    for (const label of document.querySelectorAll("[data-count]")) label.textContent = chosen.length;
    for (const bar of document.querySelectorAll("[data-bulk]")) bar.hidden = chosen.length === 0;
  };
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    tell();
  });
  document.addEventListener("change", tell);
  tell();
}

// J and K go down and up the rows of a list; Enter opens the one in focus, as any link.
document.addEventListener("keydown", (event) => {
  if (!keysAreOn() || event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
  const here = rows.indexOf(document.activeElement);
  const next = rows[event.key === "j" ? here + 1 : Math.max(0, here - 1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
