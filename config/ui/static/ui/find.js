// Arrow keys lead from a search box through what it found and back; Escape returns to the box and closes the list.
(() => {
  "use strict";
  const listOf = (box) => document.getElementById(box.dataset.hits);
  const boxOf = (hit) => [...document.querySelectorAll("[data-hits]")].find((box) => listOf(box)?.contains(hit));
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (!(at instanceof HTMLElement)) return;
    const box = at.matches("[data-hits]") ? at : at.matches("[data-hit]") ? boxOf(at) : null;
    if (!box) return;
    const list = listOf(box);
    const stops = [box, ...list.querySelectorAll("[data-hit]")];
    if (event.key === "Escape" && list.id === "found") {
      list.replaceChildren();
      box.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = stops.indexOf(at) + (event.key === "ArrowDown" ? 1 : -1);
      if (!stops[next]) return;
      event.preventDefault();
      stops[next].focus();
    }
  });
})();
