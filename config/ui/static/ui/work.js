// Long work tells a screen reader what changed: the part is swapped every second, so its words go into a region that stays.
(() => {
  "use strict";
  document.addEventListener("htmx:afterSwap", () => {
    for (const region of document.querySelectorAll("[data-work-says]")) {
      const said = region.parentElement.querySelector(".work-state")?.innerText.replace(/\s+/g, " ").trim() ?? "";
      if (region.textContent !== said) region.textContent = said;
    }
  });
})();
