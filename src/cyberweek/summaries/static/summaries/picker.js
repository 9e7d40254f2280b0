// Figures are put into the text where the cursor stands. Without this script the tokens are copied by hand.
const areas = [...document.querySelectorAll(".sum__form textarea")];
let last = areas.find((area) => document.documentElement.lang.startsWith(area.lang.slice(0, 2))) ?? areas[0];
for (const area of areas) area.addEventListener("focus", () => { last = area; });

function put(token) {
  const alone = /^\{(chart|table):/.test(token);
  const text = alone ? `\n\n${token}\n\n` : token;
  last.setRangeText(text, last.selectionStart, last.selectionEnd, "end");
  last.dispatchEvent(new Event("input", { bubbles: true }));
  last.focus();
}

for (const row of document.querySelectorAll("[data-pick]")) {
  const code = row.querySelector("code");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sum__put";
  button.textContent = row.dataset.pick;
  button.addEventListener("click", () => put(row.dataset.pick));
  code.replaceWith(button);
}
for (const hint of document.querySelectorAll("[data-without-script]")) hint.hidden = true;

const find = document.getElementById("pick");
if (find) {
  find.hidden = false;
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    for (const row of document.querySelectorAll("[data-pick]")) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}
