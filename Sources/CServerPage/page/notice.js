// Short messages at the edge, dialogs, and how problems are shown.

import { button, fill, h, icon, iconButton } from "./dom.js";

/** Says something for a few seconds; `action` is {label, run}. */
export function tell(text, { action, bad = false } = {}) {
  const place = document.querySelector(".notices");
  const note = h("div", { class: `notice ${bad ? "bad" : ""}` }, h("p", {}, text));
  const close = () => note.remove();
  if (action) note.append(button(action.label, () => { close(); action.run(); }, { kind: "plain" }));
  note.append(iconButton("close", "Dismiss", close));
  while (place.childElementCount > 2) place.firstElementChild.remove();
  place.append(note);
  setTimeout(close, bad ? 12_000 : 5_000);
}

/** Runs what the listener asked for, and shows what went wrong with it. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (error.name === "AbortError") return undefined;
    tell(error.message, { bad: true });
    if (!("status" in error)) console.error(error);
    return undefined;
  }
}

/** A problem in the place of what could not be shown. */
export function problemPanel(error, again) {
  return h("div", { class: "empty", role: "alert" }, h("h2", {}, "That did not work"), h("p", {}, error.message),
    again && button("Try again", again));
}

/** In the place of what is not there, and will not be. */
export const missingPanel = (error) => h("div", { class: "empty", role: "alert" }, h("h1", {}, "Not here"), h("p", {}, `${error.message.replace(/\.$/, "")}.`),
  h("a", { class: "button", href: "#/" }, "To the map"));

/**
 * A place for what takes longer: {place, soon}. Whoever shows the place waits for `soon` first, which is a moment at most, so
 * that what is there by then does not jump in.
 */
export function later(promise, build, kind) {
  const place = h("div", { class: `later ${kind}` });
  const done = promise.then((value) => fill(place, build(value)), (error) => { if (error.name !== "AbortError") fill(place, problemPanel(error)); });
  return { place, soon: Promise.race([done, new Promise((resolve) => setTimeout(resolve, 150))]) };
}

/** A place that has nothing in it, and what to do. */
export const emptyPanel = (title, ...content) => h("div", { class: "empty" }, h("h2", {}, title), ...content.map((item) => typeof item === "string" ? h("p", {}, item) : item));

/** A dialog, which closes with Escape. */
export function openDialog(title, ...content) {
  const dialog = h("dialog", { class: "dialog", "aria-label": title, onclose: () => dialog.remove() },
    h("header", {}, h("h2", {}, title), iconButton("close", "Close", () => dialog.close())), ...content);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

let menu;

/** A menu below a button, of items {label, symbol, run, href}. */
export function openMenu(anchor, items) {
  menu?.remove();
  const back = document.activeElement;
  menu = h("div", { class: "menu", role: "menu", popover: "auto" },
    items.filter(Boolean).map((item) => item.href
      ? h("a", { role: "menuitem", href: item.href, tabindex: "-1", onclick: () => menu.hidePopover() }, icon(item.symbol), item.label)
      : h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => { menu.hidePopover(); attempt(item.run); } }, icon(item.symbol), item.label)));
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
    if (event.key === "Tab") menu.hidePopover();
    if (step || event.key === " ") event.stopPropagation();
    if (step) event.preventDefault();
  });
  const current = menu;
  current.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    if (current.contains(document.activeElement) || document.activeElement === document.body) back?.focus({ preventScroll: true });
    current.remove();
  });
  document.body.append(menu);
  menu.showPopover();
  const box = anchor.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8));
  const below = box.bottom + 4 + menu.offsetHeight < innerHeight;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(8, below ? box.bottom + 4 : box.top - menu.offsetHeight - 4)}px`;
  menu.firstElementChild.focus({ focusVisible: false });
}
