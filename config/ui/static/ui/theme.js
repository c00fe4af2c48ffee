// Runs before the first paint, so a chosen theme never flashes the other one.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // A browser that forbids storage keeps the system's theme.
  }
})();
