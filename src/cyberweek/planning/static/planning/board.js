// The board: dragging a card presses the button of the column where it is dropped. The buttons do without this.
const board = document.querySelector(".board");
let dragged = null;

board?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest(".board__card");
  event.dataTransfer.effectAllowed = "move";
});
board?.addEventListener("dragend", () => {
  dragged = null;
  for (const column of board.querySelectorAll("[data-over]")) delete column.dataset.over;
});
board?.addEventListener("dragover", (event) => {
  const column = event.target.closest("[data-column]");
  if (!dragged || !column) return;
  event.preventDefault();
  for (const other of board.querySelectorAll("[data-over]")) if (other !== column) delete other.dataset.over;
  column.dataset.over = "";
});
board?.addEventListener("drop", (event) => {
  const column = event.target.closest("[data-column]");
  const form = dragged?.querySelector("form");
  if (!form || !column || column.contains(dragged)) return;
  event.preventDefault();
  const to = document.createElement("input");
  to.type = "hidden";
  to.name = "to";
  to.value = column.dataset.column;
  form.append(to);
  form.submit();
});
