// What is drawn over the points: names of regions, ways between songs, the lasso.

import { hasGraphics } from "./map-painter.js";

const ink = { dark: { text: "#f3f0ea", halo: "rgb(18 17 20 / 0.85)", accent: "#f2a554", soft: "rgb(242 165 84 / 0.14)" }, light: { text: "#211d1a", halo: "rgb(248 246 242 / 0.88)", accent: "#a1460b", soft: "rgb(161 70 11 / 0.1)" } };
const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, Inter, "Noto Sans", sans-serif';
const serif = '"Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", ui-serif, Georgia, serif';

/** How wide texts are, which is slow to find out. */
const widths = new Map();

export function drawOverlay(map) {
  const context = map.overlay.getContext("2d", { willReadFrequently: !hasGraphics() });
  const colors = ink[map.dark ? "dark" : "light"];
  context.setTransform(map.ratio, 0, 0, map.ratio, 0, 0);
  context.clearRect(0, 0, map.view.width, map.view.height);
  drawWays(map, context, colors);
  if (!map.small) drawNames(map, context, colors);
  if (map.hovered >= 0) ring(map, context, map.hovered, colors.text, 2);
  if (map.lasso) drawLasso(map, context, colors);
}

function ring(map, context, row, color, width, extra = 3) {
  const [x, y] = map.rowOnScreen(row);
  context.beginPath();
  context.arc(x, y, map.pointSize / 2 + extra, 0, 7);
  context.lineWidth = width;
  context.strokeStyle = color;
  context.stroke();
}

function drawWays(map, context, colors) {
  const { center, spokes = [], path = [], trail = [], chosen = [] } = map.marks;
  context.lineCap = "round";
  context.lineJoin = "round";
  if (center !== undefined) {
    const [x, y] = map.rowOnScreen(center);
    spokes.forEach((row, rank) => {
      const [toX, toY] = map.rowOnScreen(row);
      context.beginPath();
      context.moveTo(x, y);
      // Slightly bent, so that ways to the same side can be told apart.
      const bend = (rank % 2 ? 1 : -1) * 0.08;
      context.quadraticCurveTo((x + toX) / 2 - (toY - y) * bend, (y + toY) / 2 + (toX - x) * bend, toX, toY);
      context.globalAlpha = 0.75 * (1 - rank / (spokes.length * 1.4));
      context.lineWidth = 1.4;
      context.strokeStyle = colors.accent;
      context.stroke();
      ring(map, context, row, colors.accent, 1.4, 2);
    });
    context.globalAlpha = 1;
    ring(map, context, center, colors.accent, 2.5);
  }
  line(map, context, trail, colors.text, 1.2, 0.4, [2, 5]);
  line(map, context, path, colors.accent, 2.2, 0.9);
  for (const row of chosen.slice(0, 2000)) ring(map, context, row, colors.accent, 1.2, 1.5);
  path.forEach((row, index) => {
    ring(map, context, row, colors.accent, 2, 2);
    if (index === 0 || index === path.length - 1) ring(map, context, row, colors.accent, 2, 7);
  });
}

function line(map, context, rows, color, width, alpha, dash = []) {
  if (rows.length < 2) return;
  context.beginPath();
  rows.forEach((row, index) => context[index ? "lineTo" : "moveTo"](...map.rowOnScreen(row)));
  context.globalAlpha = alpha;
  context.lineWidth = width;
  context.strokeStyle = color;
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** Names like those of an atlas: regions in capitals, then artists, then songs as one comes nearer; none over another. */
function drawNames(map, context, colors) {
  const { data, view, zoom } = map;
  const taken = map.obstacles();
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const put = (text, x, y, font, { alpha = 1, spacing = "0px", size }) => {
    context.font = font;
    context.letterSpacing = spacing;
    const key = font + text;
    if (!widths.has(key)) widths.set(key, context.measureText(text).width + 12);
    const width = widths.get(key);
    const box = [x - width / 2, y - size * 0.75, x + width / 2, y + size * 0.75];
    if (box[2] < 0 || box[0] > view.width || box[3] < 0 || box[1] > view.height) return false;
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return false;
    taken.push(box);
    context.globalAlpha = alpha;
    context.lineWidth = 4;
    context.strokeStyle = colors.halo;
    context.strokeText(text, x, y);
    context.fillStyle = colors.text;
    context.fillText(text, x, y);
    context.globalAlpha = 1;
    return true;
  };
  const most = Math.max(4, Math.round((view.width * view.height) / 45_000));
  let left = most;
  const largest = data.regions[0]?.count ?? 1;
  for (const region of data.regions) {
    if (left === 0) break;
    const size = Math.round(11 + 5 * Math.sqrt(region.count / largest));
    const [x, y] = map.onScreen(region.x, region.y);
    if (put(region.name.toUpperCase().slice(0, 36), x, y, `600 ${size}px ${sans}`, { alpha: zoom > 6 ? 0.55 : 0.92, spacing: "1.6px", size })) left -= 1;
  }
  const songsSeen = data.count / zoom ** 2;
  if (zoom < 1.5 && data.count > 400) return;
  left = most;
  let tries = 120;
  for (const place of data.places) {
    if (left === 0 || tries === 0) break;
    if (place.spread * view.scale > 260) continue;
    const [x, y] = map.onScreen(place.x, place.y);
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
    tries -= 1;
    if (put(place.name.slice(0, 40), x, y, `italic 500 14px ${serif}`, { alpha: 0.9, size: 16 })) left -= 1;
  }
  if (songsSeen > 900) return;
  left = most;
  const [[x0, y0], [x1, y1]] = [map.placeAt(0, 0), map.placeAt(view.width, view.height)];
  const seen = [];
  data.within(x0, y0, x1, y1, (row) => { if (seen.length < 400) seen.push(row); });
  if (seen.length > 120) return;
  for (const row of seen) {
    if (left === 0) break;
    const [x, y] = map.rowOnScreen(row);
    const title = data.titles[row].split(" – ").slice(1).join(" – ") || data.titles[row];
    if (put(title.slice(0, 32), x, y + map.pointSize / 2 + 10, `400 11.5px ${sans}`, { alpha: 0.85, size: 13 })) left -= 1;
  }
}

function drawLasso(map, context, colors) {
  context.beginPath();
  map.lasso.forEach(([x, y], index) => context[index ? "lineTo" : "moveTo"](x, y));
  context.closePath();
  context.fillStyle = colors.soft;
  context.fill();
  context.lineWidth = 1.8;
  context.strokeStyle = colors.accent;
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
}
