// Copies an answer with its marks and sources. Without this file the button stays hidden: one saves as text.
"use strict";
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = button.dataset.copied;
});
function showCopyButtons() {
  if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
}
new MutationObserver(showCopyButtons).observe(document.getElementById("main"), { childList: true, subtree: true });
showCopyButtons();
