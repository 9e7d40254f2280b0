// Beside a control for files: what was chosen, how large it is, and whether the server would refuse it for its size.
// As the page itself writes sizes, in every language.
function sized(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function line(text, wrong) {
  const row = document.createElement("li");
  row.textContent = text;
  row.classList.toggle("chosen__wrong", Boolean(wrong));
  return row;
}

function tell(control, list) {
  const files = [...control.files];
  const limit = Number(control.dataset.fileLimit);
  const sum = files.reduce((total, file) => total + file.size, 0);
  const rows = files.map((file) => {
    const large = file.size > limit;
    return line([file.name, sized(file.size), large && list.dataset.tooLarge].filter(Boolean).join(" · "), large);
  });
  const tooMuch = files.length > Number(control.dataset.most) || sum > Number(control.dataset.limit);
  if (tooMuch) rows.push(line(list.dataset.tooMany, true));
  list.replaceChildren(...rows);
  list.hidden = !rows.length;
  const wrong = tooMuch || files.some((file) => file.size > limit);
  control.setCustomValidity(wrong ? list.querySelector(".chosen__wrong").textContent : "");
}

for (const control of document.querySelectorAll("input[type=file][data-file-limit]")) {
  const list = control.nextElementSibling;
  control.addEventListener("change", () => tell(control, list));
  if (control.files.length) tell(control, list);
  control.form?.addEventListener("submit", (event) => {
    if (control.validationMessage && control.files.length) {
      event.preventDefault();
      control.focus();
    }
  });
}
