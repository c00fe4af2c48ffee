// What was typed outlives a sign-in that ends in the middle of a form. It is kept in this tab from the moment of sending
// until the server has taken or refused it, and put back where it stood. Passwords and files are never kept, and nothing
// after signing out or for another person.
(() => {
  "use strict";
  const STORE = "drafts";
  const LONGEST_MS = 12 * 3600 * 1000;
  const NEVER = new Set(["password", "file", "hidden", "submit", "button", "image", "reset"]);
  const person = document.body.dataset.person ?? "";
  const here = () => location.pathname + location.search;
  const words = document.getElementById("says")?.dataset ?? {};

  const read = () => {
    try {
      const found = JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
      return found.filter((draft) => Date.now() - draft.at < LONGEST_MS);
    } catch {
      return [];
    }
  };
  const write = (drafts) => {
    try {
      if (drafts.length) sessionStorage.setItem(STORE, JSON.stringify(drafts));
      else sessionStorage.removeItem(STORE);
    } catch {
      // Storage is full or forbidden: the form works as it would without drafts.
    }
  };

  // --- which form, and what stands in it ---
  const GUARDED = "form[method=post]:not([data-unguarded])";
  const target = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
  const name = (form) => {
    const alike = [...document.querySelectorAll(GUARDED)].filter((other) => target(other) === target(form));
    return `${target(form)} ${alike.indexOf(form)}`;
  };
  const kept = (field) => field.name && !field.disabled && !NEVER.has(field.type) && field.autocomplete !== "one-time-code";
  const ticked = (field) => field.type === "checkbox" || field.type === "radio";
  // Without the text of what stands in the label beside the words, as "optional".
  const label = (field) => field.labels?.[0]?.firstChild?.textContent.trim() || field.getAttribute("aria-label") || field.name;
  const take = (form) =>
    [...form.elements].filter(kept).map((field) => ({
      name: field.name,
      label: label(field),
      value: field.value,
      on: ticked(field) ? field.checked : null,
      many: field.type === "select-multiple" ? [...field.selectedOptions].map((one) => one.value) : null,
    }));

  const set = (field, was) => {
    if (was.on !== null) {
      if (field.checked === was.on) return true;
      field.checked = was.on;
    } else if (was.many) {
      for (const option of field.options) option.selected = was.many.includes(option.value);
    } else {
      if (field.value === was.value) return true;
      field.value = was.value;
      if (was.value) field.closest("details")?.setAttribute("open", "");
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return field.value === was.value;
  };
  // Put the values back; return what found no place, as text.
  const put = (form, values) => {
    const free = form ? [...form.elements].filter(kept) : [];
    const left = [];
    for (const was of values) {
      const fits = (field) => field.name === was.name && (was.on === null || field.value === was.value);
      const at = free.findIndex(fits);
      const field = at < 0 ? null : free.splice(at, 1)[0];
      if (field ? set(field, was) : was.on === false || !was.value) continue;
      left.push(`${was.label}: ${was.value}`);
    }
    return left;
  };

  // --- kept when sent, let go when answered ---
  const others = ({ address, form }) => read().filter((draft) => !(draft.address === address && draft.form === form));
  // A refused form is replaced before the request counts as done, so what was sent is remembered, not its element.
  let sending = null;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-leaves]")) {
      write([]);
      return;
    }
    if (!person || !form.matches(GUARDED)) return;
    const key = form.querySelector("input[name=key]")?.value ?? "";
    sending = { person, address: here(), form: name(form) };
    write([...others(sending), { ...sending, key, at: Date.now(), cut: false, values: take(form) }]);
  });
  // Cut off: signed in anew in another tab, a server that cannot be reached or failed. Refusals stand on the form.
  const cutOff = (xhr) =>
    xhr.status === 0 || xhr.status >= 500 || (xhr.status === 403 && !xhr.getResponseHeader("HX-Retarget"));
  window.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (requestConfig?.verb !== "post" || !sending || !xhr || xhr.getResponseHeader("HX-Redirect")) return;
    if (cutOff(xhr)) write(read().map((draft) => (draft.form === sending.form ? { ...draft, cut: true } : draft)));
    else write(others(sending));
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = event.detail.requestConfig?.verb === "post" ? event.target.closest("form") : null;
    if (form?.matches(GUARDED)) form.toggleAttribute("data-kept", event.detail.xhr.status === 403 && cutOff(event.detail.xhr));
  });

  // --- put back ---
  const restore = (draft) => {
    const form = [...document.querySelectorAll(GUARDED)].find((one) => name(one) === draft.form) ?? null;
    const left = put(form, draft.values);
    const key = form?.querySelector("input[name=key]");
    // Under the key of the first sending it counts once, even if that one arrived after all.
    if (key && draft.key) key.value = draft.key;
    for (let fold = form?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const text = left.length ? words.partly : words.back;
    document.dispatchEvent(new CustomEvent("say", { detail: { text, level: "warn", lines: left } }));
    [...(form?.elements ?? [])].find((field) => kept(field) && field.offsetParent)?.focus();
  };
  if (person) {
    const mine = read().filter((draft) => draft.person === person && draft.cut);
    write(mine.filter((draft) => draft.address !== here()));
    mine.filter((draft) => draft.address === here()).forEach(restore);
  } else {
    // The sign-in page, or one that says that something failed: what is under way was not taken.
    const drafts = read();
    write(drafts.map((draft) => ({ ...draft, cut: true })));
    // What the page itself carries, for browsers without script, would be put back a second time.
    if (drafts.length) document.querySelectorAll("input[name=typed]").forEach((field) => field.remove());
  }
})();
