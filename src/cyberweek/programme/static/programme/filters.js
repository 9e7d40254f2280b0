// On a narrow screen the filters begin folded; on a wide one they always stand beside the list.
if (matchMedia("(max-width: 61.99rem)").matches) {
  for (const box of document.querySelectorAll("[data-close-when-narrow]")) box.open = false;
}
