// Elements without markup: whatever a tag or a file name says stays text.

import { paths } from "./icons.js";

/** An element: attributes, listeners (`onclick`), classes, and children that are nodes or text. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) set(element, name, value);
  return fill(element, ...children);
}

/** Puts children in the place of those that are there; what is false or undefined is no child. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "style") for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
  else if (name in element && typeof value !== "string" && typeof value !== "number") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

const namespace = "http://www.w3.org/2000/svg";

/** An SVG element. */
export function s(tag, attributes, ...children) {
  const element = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** One of the icons of icons.js. */
export function icon(name) {
  const element = s("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" });
  for (const d of paths[name]) element.append(s("path", { d }));
  if (name === "play" || name === "pause" || name === "dots") element.classList.add("filled");
  return element;
}

/** A button that is an icon, with its name for those who cannot see it. */
export function iconButton(name, label, onclick, attributes) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

export function button(label, onclick, { kind = "", symbol, ...attributes } = {}) {
  return h("button", { type: "button", class: `button ${kind}`, onclick, ...attributes }, symbol && icon(symbol), label);
}

/** 4:05, or 1:02:03. */
export function clock(seconds) {
  if (!Number.isFinite(seconds)) return "";
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const text = `${parts[0] ? String(parts[1]).padStart(2, "0") : parts[1]}:${String(parts[2]).padStart(2, "0")}`;
  return parts[0] ? `${parts[0]}:${text}` : text;
}

/** How long something lasts, in words. */
export function lasting(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const numbers = new Intl.NumberFormat("en");
export const counted = (count, one, many = `${one}s`) => `${numbers.format(count)} ${count === 1 ? one : many}`;
export const number = (value) => numbers.format(value);
/** A similarity, with the true minus sign. */
export const decimal = (value, digits = 2) => value.toFixed(digits).replace("-", "−");

/** Calls at most once in so many milliseconds, the last time for certain. */
export function settled(milliseconds, call) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...values), milliseconds);
  };
}

/** A number that belongs to a text, always the same. */
export function digest(text) {
  let value = 2166136261;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  return value >>> 0;
}
