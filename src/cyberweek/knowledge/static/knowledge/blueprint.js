// The number of items on a paper, as the blueprint is filled in. Without this the server says it after saving.
for (const output of document.querySelectorAll("[data-sum]")) {
  const fields = [...document.querySelectorAll(`input[name^="${output.dataset.sum}"]`)];
  const sum = () => { output.textContent = fields.reduce((all, field) => all + (Number(field.value) || 0), 0); };
  for (const field of fields) field.addEventListener("input", sum);
  sum();
}
