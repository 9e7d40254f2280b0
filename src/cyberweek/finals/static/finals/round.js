// The form of the rules: a round shows the fields that its kind has.
const SHOWN = {
  must: ["items", "right", "wrong", "seconds", "together"],
  choose: ["items", "turns", "right", "wrong", "seconds"],
  buzzer: ["items", "right", "wrong", "seconds", "lockout", "rebound"],
  risk: ["items", "turns", "values", "seconds"],
};
for (const row of document.querySelectorAll("[data-round]")) {
  const kind = row.querySelector("select");
  const show = () => {
    for (const part of row.querySelectorAll("[data-part]")) part.hidden = !SHOWN[kind.value]?.includes(part.dataset.part) && !part.querySelector(".error");
  };
  kind.addEventListener("change", show);
  show();
}
