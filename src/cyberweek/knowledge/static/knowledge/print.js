// The browser's own print, on a button.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
