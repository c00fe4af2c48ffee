// Wedge scanners type fast and end with Enter. That Enter ends the reading: it goes to the next field and sends nothing.
(() => {
  "use strict";
  const words = document.getElementById("says")?.dataset ?? {};
  const say = (text) => document.dispatchEvent(new CustomEvent("say", { detail: { text, still: true } }));
  const next = (field) => {
    const all = [...field.form.elements].filter((one) => !one.disabled && one.type !== "hidden" && one.offsetParent);
    return all[all.indexOf(field) + 1];
  };
  const read = (field) => {
    field.dispatchEvent(new CustomEvent("scan", { bubbles: true }));
    if (field.form) (next(field) ?? field).focus();
  };

  // --- a list: the browser chooses by first letters meanwhile, so what was read is compared whole at the end ---
  let reading = { field: null, text: "", before: "" };
  const forget = () => {
    reading = { field: null, text: "", before: "" };
  };
  const choose = (select, text) => {
    const sought = text.trim().toLowerCase();
    const options = [...select.options].filter((option) => option.value && !option.disabled);
    const exact = options.filter((option) => option.value.toLowerCase() === sought);
    const begun = options.filter((option) => option.text.trim().toLowerCase().startsWith(sought));
    const found = exact.length ? exact : begun;
    return found.length === 1 ? found[0].value : null;
  };
  // What could not be read is said at the field too, and no longer once it is.
  const mark = (select, text) => {
    const field = select.closest(".field");
    if (field?.querySelector(".unread")) document.getElementById("messages")?.replaceChildren();
    field?.querySelector(".unread")?.remove();
    if (!text) return;
    say(text);
    field?.append(Object.assign(document.createElement("p"), { className: "errors unread", textContent: text }));
  };
  const end = (select) => {
    const { text, before } = reading;
    const value = choose(select, text);
    forget();
    select.value = value ?? before;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    mark(select, value === null ? (words.unread ?? "").replace("{text}", text.trim()) : "");
    if (value !== null) read(select);
  };
  const typed = (event) => event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  const inList = (event) => {
    const select = event.target;
    if (event.key === "Enter") {
      if (reading.field !== select || !reading.text.trim()) return;
      event.preventDefault();
      end(select);
    } else if (typed(event) && (reading.text || event.key !== " ")) {
      if (reading.field !== select) reading = { field: select, text: "", before: select.value };
      reading.text += event.key;
    } else if (event.key !== "Shift") forget();
  };

  const inText = (event) => {
    const input = event.target;
    if (event.key !== "Enter") return;
    event.preventDefault();
    input.value = input.value.trim();
    if (input.value) read(input);
  };
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!(field instanceof Element) || !field.hasAttribute("data-scan")) return;
    if (field instanceof HTMLInputElement) inText(event);
    else if (field instanceof HTMLSelectElement) inList(event);
  });
  document.addEventListener("focusout", forget);

  // --- no field: on a page for gloves a tag is read into the search box, which opens what it names ---
  const find = document.querySelector(".gloves [data-find]");
  document.addEventListener("keydown", (event) => {
    if (find && typed(event) && event.key !== " " && [document.body, document.getElementById("main")].includes(event.target)) {
      if (!event.defaultPrevented) find.focus();
    }
  });
  // The next tag takes the place of the last one.
  document.querySelector("[autofocus]")?.select?.();
})();
