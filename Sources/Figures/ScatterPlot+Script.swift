import Files

extension ScatterPlot {
  /// The page's script. It puts names into the page as text only.
  static var pageScript: String {
    #"""

    "use strict";
    const data = JSON.parse(document.getElementById("data").textContent);
    const songs = data.songs, canvas = document.getElementById("map"), pen = canvas.getContext("2d");
    const tip = document.getElementById("tip"), search = document.getElementById("search");
    const found = document.getElementById("found"), count = document.getElementById("count");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const keys = songs.map(s => fold(s.label + " " + (s.name ?? "")));
    const order = songs.map((_, i) => i)
      .sort((a, b) => (songs[a].style === undefined ? 0 : 1) - (songs[b].style === undefined ? 0 : 1));
    let view = { scale: 1, x: 0, y: 0 }, current = -1, matches = null, picked = null, frame = 0, isWhole = true;

    function fold(text) { return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase(); }
    function width() { return canvas.clientWidth; }
    function height() { return canvas.clientHeight; }
    function toScreen(s) {
      return [width() / 2 + (s.x - view.x) * view.scale, height() / 2 - (s.y - view.y) * view.scale];
    }

    function bounds() {
      let box = [Infinity, -Infinity, Infinity, -Infinity];
      for (const s of songs)
        box = [Math.min(box[0], s.x), Math.max(box[1], s.x), Math.min(box[2], s.y), Math.max(box[3], s.y)];
      return box;
    }
    const box = bounds();
    function wholeScale() {
      const scale = Math.min((width() - 40) / (box[1] - box[0]), (height() - 40) / (box[3] - box[2]));
      return Number.isFinite(scale) && scale > 0 ? scale : 1;
    }
    function showAll() {
      isWhole = true;
      view = songs.length ? { scale: wholeScale(), x: box[0] / 2 + box[1] / 2, y: box[2] / 2 + box[3] / 2 } : view;
      draw();
    }
    function zoom(factor, x = width() / 2, y = height() / 2) {
      const scale = Math.min(Math.max(view.scale * factor, wholeScale() / 4), wholeScale() * 1000);
      const shift = 1 / view.scale - 1 / scale;
      view.x += (x - width() / 2) * shift;
      view.y -= (y - height() / 2) * shift;
      view.scale = scale;
      isWhole = false;
      draw();
    }
    function pan(dx, dy) { view.x -= dx / view.scale; view.y += dy / view.scale; isWhole = false; draw(); }

    function colour(style) {
      const pair = style === undefined || style === null ? data.other : data.colours[style % data.colours.length];
      return dark.matches ? pair.dark : pair.light;
    }
    function shape(style) {
      return style === undefined || style === null
        ? "circle"
        : data.shapes[Math.floor(style / data.colours.length) % data.shapes.length];
    }
    function trace(pen, form, x, y, r) {
      pen.beginPath();
      if (form === "circle") { pen.arc(x, y, r, 0, 2 * Math.PI); return; }
      const corners = {
        square: [[-.89, -.89], [.89, -.89], [.89, .89], [-.89, .89]],
        triangle: [[0, -1.5], [1.3, .8], [-1.3, .8]],
        diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]
      }[form];
      corners.forEach(([dx, dy], i) => i ? pen.lineTo(x + dx * r, y + dy * r) : pen.moveTo(x + dx * r, y + dy * r));
      pen.closePath();
    }
    function isLit(i) {
      return (!matches || matches.has(i))
        && (picked === null
          || data.legend[picked].style === songs[i].style
            && (data.legend[picked].style !== undefined
              || (songs[i].name === undefined) === data.legend[picked].name.startsWith("no ")));
    }
    function draw() { if (!frame) frame = requestAnimationFrame(paint); }
    function paint() {
      frame = 0;
      const ratio = devicePixelRatio || 1;
      if (canvas.width !== Math.round(width() * ratio) || canvas.height !== Math.round(height() * ratio)) {
        canvas.width = Math.round(width() * ratio);
        canvas.height = Math.round(height() * ratio);
      }
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, width(), height());
      const zoomed = view.scale / wholeScale();
      const radius = Math.min(
        10, Math.min(6, Math.max(1.6, 110 / Math.sqrt(songs.length))) * Math.pow(Math.max(zoomed, .5), .35));
      const selecting = matches !== null || picked !== null;
      for (const lit of selecting ? [false, true] : [true]) {
        pen.globalAlpha = lit ? .9 : .12;
        for (const i of order) {
          if (selecting && isLit(i) !== lit) continue;
          const [x, y] = toScreen(songs[i]);
          if (x < -20 || y < -20 || x > width() + 20 || y > height() + 20) continue;
          trace(pen, shape(songs[i].style), x, y, matches && lit ? radius * 1.5 : radius);
          pen.fillStyle = colour(songs[i].style);
          pen.fill();
        }
      }
      pen.globalAlpha = 1;
      if (current >= 0) {
        const [x, y] = toScreen(songs[current]);
        trace(pen, "circle", x, y, radius + 5);
        pen.lineWidth = 2.5;
        pen.strokeStyle = dark.matches ? "#fff" : "#000";
        pen.stroke();
      }
      placeTip();
    }
    function placeTip() {
      tip.hidden = current < 0;
      if (current < 0) return;
      const [x, y] = toScreen(songs[current]), s = songs[current];
      const text = s.name === undefined || s.label.includes(s.name) ? s.label : s.label + " (" + s.name + ")";
      if (tip.textContent !== text) tip.textContent = text;
      tip.style.left = Math.max(4, Math.min(x + 14, width() - tip.offsetWidth - 4)) + "px";
      tip.style.top = Math.max(4, Math.min(y + 14, height() - tip.offsetHeight - 4)) + "px";
    }
    function nearest(x, y, reach) {
      let best = -1, least = reach * reach;
      songs.forEach((s, i) => {
        if ((matches || picked !== null) && !isLit(i)) return;
        const [sx, sy] = toScreen(s), distance = (sx - x) ** 2 + (sy - y) ** 2;
        if (distance <= least) { least = distance; best = i; }
      });
      return best;
    }
    function choose(i, centre) {
      current = i;
      if (i >= 0 && centre) {
        const [x, y] = toScreen(songs[i]);
        if (x < 30 || y < 30 || x > width() - 30 || y > height() - 30) {
          view.x = songs[i].x;
          view.y = songs[i].y;
          isWhole = false;
        }
      }
      draw();
    }
    function walk(step) {
      const lit = songs.map((_, i) => i).filter(isLit);
      if (!lit.length) return;
      const place = lit.indexOf(current);
      choose(lit[place < 0 ? (step > 0 ? 0 : lit.length - 1) : (place + step + lit.length) % lit.length], true);
    }

    const fingers = new Map();
    let pinch = 0;
    function place(event) {
      const r = canvas.getBoundingClientRect();
      return [event.clientX - r.left, event.clientY - r.top];
    }
    canvas.addEventListener("pointerdown", e => {
      canvas.setPointerCapture(e.pointerId);
      fingers.set(e.pointerId, place(e));
      pinch = 0;
      if (e.pointerType !== "mouse") choose(nearest(...place(e), 24));
    });
    canvas.addEventListener("pointermove", e => {
      const now = place(e), before = fingers.get(e.pointerId);
      if (!before) { choose(nearest(...now, 14)); return; }
      if (fingers.size === 1) pan(now[0] - before[0], now[1] - before[1]);
      fingers.set(e.pointerId, now);
      if (fingers.size === 2) {
        const [a, b] = [...fingers.values()], spread = Math.hypot(a[0] - b[0], a[1] - b[1]);
        const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
        if (pinch && spread) {
          pan(middle[0] - pinch.middle[0], middle[1] - pinch.middle[1]);
          zoom(spread / pinch.spread, ...middle);
        }
        pinch = spread ? { spread, middle } : 0;
      }
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(kind, e => { fingers.delete(e.pointerId); pinch = 0; });
    }
    canvas.addEventListener("pointerleave", () => {
      if (!fingers.size && document.activeElement !== canvas) choose(-1);
    });
    canvas.addEventListener("wheel", e => {
      e.preventDefault();
      const lines = e.deltaMode === 1 ? 20 : e.deltaMode === 2 ? 400 : 1;
      zoom(Math.exp(-Math.max(-300, Math.min(300, e.deltaY * lines)) * (e.ctrlKey ? .01 : .002)), ...place(e));
    }, { passive: false });
    canvas.addEventListener("keydown", e => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const actions = {
        ArrowLeft: () => pan(60, 0), ArrowRight: () => pan(-60, 0),
        ArrowUp: () => pan(0, 60), ArrowDown: () => pan(0, -60),
        "+": () => zoom(1.3), "=": () => zoom(1.3), "-": () => zoom(1 / 1.3), "0": showAll,
        n: () => walk(1), p: () => walk(-1), "/": () => search.focus(), Escape: clear
      };
      const action = actions[e.key];
      if (action) { e.preventDefault(); action(); }
    });

    function clear() { search.value = ""; seek(); if (picked !== null) pick(picked); choose(-1); }
    function seek() {
      const words = fold(search.value).split(/\s+/).filter(Boolean);
      matches = words.length ? new Set() : null;
      if (words.length) keys.forEach((key, i) => { if (words.every(w => key.includes(w))) matches.add(i); });
      count.textContent = matches ? matches.size + " found" : songs.length + " songs";
      found.replaceChildren(...(matches ? [...matches].slice(0, 50) : []).map(i => {
        const item = document.createElement("li"), button = document.createElement("button");
        button.textContent = songs[i].label;
        button.addEventListener("click", () => choose(i, true));
        button.addEventListener("focus", () => choose(i, true));
        item.append(button);
        return item;
      }));
      choose(-1);
    }
    search.addEventListener("input", seek);
    search.addEventListener("keydown", e => {
      if (e.key === "Escape") { e.preventDefault(); clear(); }
      if (e.key === "Enter") { e.preventDefault(); walk(e.shiftKey ? -1 : 1); }
    });
    function pick(place) {
      picked = picked === place ? null : place;
      [...document.querySelectorAll("#legend button")]
        .forEach((b, i) => b.setAttribute("aria-pressed", i === picked));
      draw();
    }
    function drawLegend() {
      document.getElementById("legend").replaceChildren(...data.legend.map((entry, i) => {
        const item = document.createElement("li"), button = document.createElement("button");
        const mark = document.createElement("canvas");
        const name = document.createElement("span"), size = document.createElement("span");
        mark.width = mark.height = 32;
        mark.style.cssText = "position:static;width:16px;height:16px;margin-top:.15rem;cursor:inherit;flex:none";
        mark.setAttribute("aria-hidden", "true");
        const pen = mark.getContext("2d");
        trace(pen, shape(entry.style), 16, 16, 10);
        pen.fillStyle = colour(entry.style);
        pen.fill();
        name.textContent = entry.name;
        size.textContent = entry.count;
        button.setAttribute("aria-pressed", i === picked);
        button.addEventListener("click", () => pick(i));
        button.append(mark, name, size);
        item.append(button);
        return item;
      }));
    }
    document.getElementById("closer").addEventListener("click", () => zoom(1.5));
    document.getElementById("farther").addEventListener("click", () => zoom(1 / 1.5));
    document.getElementById("whole").addEventListener("click", showAll);
    dark.addEventListener("change", () => { drawLegend(); draw(); });
    new ResizeObserver(() => isWhole ? showAll() : draw()).observe(canvas);
    drawLegend();
    seek();
    showAll();

    """#
  }
}
