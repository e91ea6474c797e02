// Light, dark, or as the system has it.

import { h, icon } from "./dom.js";

const themes = { system: "as the system", light: "light", dark: "dark" };

/** Whether the page is dark now. */
export const isDark = () => {
  const { theme } = document.documentElement.dataset;
  return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
};

/** Tells "change" when light becomes dark, or dark light. */
export const theme = new EventTarget();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => theme.dispatchEvent(new Event("change")));

export function nextTheme() {
  const names = Object.keys(themes);
  const root = document.documentElement;
  const chosen = names[(names.indexOf(root.dataset.theme) + 1) % names.length];
  root.dataset.theme = chosen;
  localStorage.setItem("akin.theme", chosen);
  theme.dispatchEvent(new Event("change"));
}

export function themeButton() {
  const button = h("button", { type: "button", class: "icon-button", onclick: nextTheme });
  const show = () => {
    const { theme: name } = document.documentElement.dataset;
    button.replaceChildren(icon({ system: "system", light: "sun", dark: "moon" }[name]));
    button.title = `Theme: ${themes[name]} (T)`;
    button.setAttribute("aria-label", button.title);
  };
  theme.addEventListener("change", show);
  show();
  return button;
}
