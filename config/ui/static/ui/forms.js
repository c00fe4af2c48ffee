// Forms: left unsent they ask first, pressed twice they are sent once, refused they lead to what is wrong.
(() => {
  "use strict";
  // The words stand in the page (ui/says.html), because the server knows the person's language.
  const words = document.getElementById("says")?.dataset ?? {};

  // --- what is said to the person is read out too ---
  const say = (text, { level = "bad", lines = [], still = false } = {}) => {
    const box = document.createElement("div");
    box.className = `callout ${level}`;
    const line = document.createElement("p");
    line.textContent = text;
    box.append(line);
    if (lines.length) {
      const list = document.createElement("ul");
      for (const one of lines) list.append(Object.assign(document.createElement("li"), { textContent: one }));
      box.append(list);
    }
    document.getElementById("messages")?.replaceChildren(box);
    // Far down in a form nobody sees what is said above it.
    if (!still) box.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("say", (event) => say(event.detail.text, event.detail));

  // --- a form that was changed and not sent asks before it goes ---
  const changed = new Set();
  const guarded = (element) => element instanceof Element && element.closest("form[method=post]:not([data-unguarded])");
  const note = (event) => {
    const form = guarded(event.target);
    if (form) changed.add(form);
  };
  document.addEventListener("input", note);
  document.addEventListener("change", note);
  document.addEventListener("reset", (event) => changed.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
  // A swap that would put something else where a changed form stands.
  const unsentIn = (place, sender) =>
    [...changed].filter((form) => form.isConnected && form !== sender && place?.contains(form));

  // --- one press, one request ---
  const sent = new WeakSet();
  const unsaved = new WeakSet();
  const release = (form) => {
    sent.delete(form);
    form.removeAttribute("aria-busy");
  };
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
  const posted = (event) => event.detail.requestConfig?.verb === "post" && event.target.closest("form");
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = posted(event);
    const left = unsentIn(event.detail.target, form);
    if ((form && sent.has(form)) || (left.length && !window.confirm(words.leave))) {
      event.preventDefault();
      return;
    }
    if (!form) return;
    sent.add(form);
    // What is on its way is not lost: the answer may lead to another page before the request counts as done.
    if (changed.delete(form)) unsaved.add(form);
    form.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = posted(event);
    if (!form) return;
    release(form);
    // What is kept as a draft (drafts.js) comes back when the page is loaded anew, so nothing needs to ask.
    if (!event.detail.successful && unsaved.has(form) && !form.hasAttribute("data-kept")) changed.add(form);
    unsaved.delete(form);
  });
  // A page that the browser kept and shows again after its person signed out, or another signed in, is asked for anew.
  const session = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) ?? [])[1];
  const own = session();
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (session() !== own) {
      document.documentElement.hidden = true;
      location.reload();
      return;
    }
    const busy = document.querySelectorAll("form[aria-busy]");
    busy.forEach(release);
    if (busy.length) say(words.sent, { level: "warn" });
  });

  // --- what a swap or a refusal brings is read out and seen ---
  const focusErrors = (scope) => scope.querySelector("[data-focus]")?.focus();
  focusErrors(document);
  // The event comes from what is new; the target it names has gone where the swap replaced it.
  document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (xhr.getResponseHeader("HX-Retarget")) return;
    say(xhr.status === 403 ? words.ended : words.refused?.replace("{status}", xhr.status));
  });
  document.addEventListener("htmx:sendError", () => say(words.unreachable));
})();
