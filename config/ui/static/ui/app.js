// What the browser adds to pages that work without it. No state, no framework; every handler is on the document.
(() => {
  "use strict";
  const root = document.documentElement;

  // --- light and dark ---
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const switchTheme = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Storage is forbidden: the choice holds for this page.
    }
  };
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    button.addEventListener("click", switchTheme);
  }

  // --- a form that was changed and not sent asks before the page goes ---
  const changed = new Set();
  const guarded = (element) => element instanceof Element && element.closest("form[method=post]:not([data-unguarded])");
  document.addEventListener("input", (event) => {
    const form = guarded(event.target);
    if (form) changed.add(form);
  });
  window.addEventListener("beforeunload", (event) => {
    for (const form of changed) {
      if (form.isConnected) {
        event.preventDefault();
        return;
      }
    }
  });

  // --- one press, one request ---
  const sent = new WeakSet();
  const unsaved = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    changed.delete(form);
    form.setAttribute("aria-busy", "true");
    // A download answers without leaving the page; its form must work again. The key makes a late repeat harmless.
    setTimeout(() => release(form), 10_000);
  });
  const release = (form) => {
    sent.delete(form);
    form.removeAttribute("aria-busy");
  };
  const posted = (event) => event.detail.requestConfig?.verb === "post" && event.target.closest("form");
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = posted(event);
    if (!form) return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    // What is on its way is not lost: the answer may lead to another page before the request counts as done.
    if (changed.delete(form)) unsaved.add(form);
    form.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = posted(event);
    if (!form) return;
    release(form);
    if (!event.detail.successful && unsaved.has(form)) changed.add(form);
    unsaved.delete(form);
  });
  // A page that the browser kept and shows again after its person signed out, or another signed in, is asked for anew.
  const session = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) ?? [])[1];
  const own = session();
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && session() !== own) {
      document.documentElement.hidden = true;
      location.reload();
      return;
    }
    if (event.persisted) document.querySelectorAll("form[aria-busy]").forEach(release);
  });

  // --- wedge scanners type fast and end with Enter; that Enter ends the reading, it does not send the form ---
  const next = (input) => {
    const fields = [...input.form.elements].filter((field) => !field.disabled && field.type !== "hidden" && field.offsetParent);
    return fields[fields.indexOf(input) + 1];
  };
  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (event.key !== "Enter" || !(input instanceof HTMLInputElement) || !input.hasAttribute("data-scan")) return;
    event.preventDefault();
    input.value = input.value.trim();
    if (!input.value) return;
    input.dispatchEvent(new CustomEvent("scan", { bubbles: true }));
    if (input.form) (next(input) ?? input).focus();
  });

  // --- keys and menus ---
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
      const find = document.querySelector("[data-find]");
      if (find) {
        event.preventDefault();
        find.focus();
        find.select();
      }
    }
    if (event.key === "Escape") closeMenus(null);
  });
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));

  // --- what a swap or a refusal brings is read out and seen ---
  const focusErrors = (scope) => scope.querySelector("[data-focus]")?.focus();
  focusErrors(document);
  // The event comes from what is new; the target it names has gone where the swap replaced it.
  document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  });
  const say = (text) => {
    const region = document.getElementById("messages");
    const line = document.createElement("p");
    line.className = "callout bad";
    line.textContent = text;
    region?.replaceChildren(line);
  };
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (xhr.getResponseHeader("HX-Retarget")) return;
    say(xhr.status === 403 ? "Your sign-in has ended or does not allow this. Reload the page." : `The server refused this (${xhr.status}). Reload the page and try again.`);
  });
  document.addEventListener("htmx:sendError", () => say("The server cannot be reached. What you typed is still here; try again."));
})();
