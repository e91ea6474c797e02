// Mouse, fingers and keys on the map.

const reach = { mouse: 12, pen: 14, touch: 24 };

export function followPointer(map) {
  const { overlay } = map;
  const pointers = new Map();
  let moved = 0;
  let pinch;

  const place = (event) => {
    const box = overlay.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const rowAt = (event) => {
    const [x, y] = map.placeAt(...place(event));
    return map.data.nearest(x, y, (reach[event.pointerType] ?? 12) / map.view.scale);
  };
  const hover = (row) => {
    if (row === map.hovered) return;
    map.hovered = row;
    overlay.classList.toggle("on-song", row >= 0);
    map.tell("hover", row);
    map.draw({ pointsToo: false });
  };

  overlay.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    overlay.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    moved = 0;
    if (pointers.size === 2) { pinch = spread(); map.lasso = undefined; }
    if (pointers.size === 1 && (map.isLassoing || event.shiftKey) && !map.small) map.lasso = [place(event)];
  });

  const spread = () => {
    const [[ax, ay], [bx, by]] = [...pointers.values()];
    return { distance: Math.hypot(ax - bx, ay - by) || 1, x: (ax + bx) / 2, y: (ay + by) / 2 };
  };

  overlay.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) { if (event.pointerType !== "touch") hover(rowAt(event)); return; }
    const now = place(event);
    pointers.set(event.pointerId, now);
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (pointers.size === 2) {
      const next = spread();
      map.pan(next.x - pinch.x, next.y - pinch.y);
      map.zoomBy(next.distance / pinch.distance, next.x, next.y);
      pinch = next;
      moved = 99;
    } else if (map.lasso) {
      const last = map.lasso.at(-1);
      if (Math.hypot(now[0] - last[0], now[1] - last[1]) > 3) { map.lasso.push(now); map.draw({ pointsToo: false }); }
    } else if (moved > 4) {
      overlay.classList.add("dragged");
      hover(-1);
      map.pan(now[0] - before[0], now[1] - before[1]);
    }
  });

  const lift = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    overlay.classList.remove("dragged");
    if (map.lasso && pointers.size === 0) {
      const polygon = map.lasso.map((point) => map.placeAt(...point));
      map.lasso = undefined;
      map.draw();
      if (event.type === "pointerup" && polygon.length > 3) map.tell("lasso", map.data.inside(polygon));
    } else if (event.type === "pointerup" && moved <= 4) {
      const row = rowAt(event);
      if (row >= 0) map.tell("pick", row);
      else map.tell("nothing");
    }
  };
  overlay.addEventListener("pointerup", lift);
  overlay.addEventListener("pointercancel", lift);
  overlay.addEventListener("pointerleave", () => hover(-1));
  overlay.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
    map.zoomBy(Math.exp(-Math.min(160, Math.max(-160, pixels)) * (event.ctrlKey ? 0.01 : 0.0022)), ...place(event));
  }, { passive: false });
  overlay.addEventListener("dblclick", (event) => map.zoomBy(1.8, ...place(event)));

  const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  overlay.addEventListener("keydown", (event) => {
    const direction = directions[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (direction && !event.shiftKey) {
      const from = map.hovered >= 0 ? map.hovered : map.marks.center ?? map.marks.playing;
      const next = from === undefined ? map.data.nearest(map.view.x, map.view.y, 2) : map.data.beside(from, ...direction);
      if (next >= 0) {
        hover(next);
        const [x, y] = map.rowOnScreen(next);
        if (x < 60 || y < 60 || x > map.view.width - 60 || y > map.view.height - 60) map.pan(map.view.width / 2 - x, map.view.height / 2 - y);
      }
    } else if (event.key === "Enter" && map.hovered >= 0) map.tell("pick", map.hovered);
    else if (event.key === "+" || event.key === "=") map.zoomBy(1.4);
    else if (event.key === "-") map.zoomBy(1 / 1.4);
    else if (event.key === "0") map.show();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
