// The ring of seven, as kernel/core/ring.py draws it: segment `index` of `count`, clockwise from twelve, in a 200 x 200
// box. `until` cuts it along time, `growth` fills it outward; both from 0 to 1.
const SVG = "http://www.w3.org/2000/svg";

export function segmentPath(index, count, { outer = 98, inner = 60, gap = 3, lean = 9, until = 1, growth = 1 } = {}) {
  const reach = inner + (outer - inner) * growth;
  const [o0, o1] = cut(edges(reach), until);
  const [i0, i1] = cut(edges(inner), until);
  return (
    `M${on(reach, o0)}A${n(reach)} ${n(reach)} 0 ${+(o1 - o0 > Math.PI)} 1 ${on(reach, o1)}` +
    `L${on(inner, i1)}A${n(inner)} ${n(inner)} 0 ${+(i1 - i0 > Math.PI)} 0 ${on(inner, i0)}Z`
  );

  // Each edge is turned by half the lean outward and minus half inward, and moved in by half the gap.
  function edges(radius) {
    const turn = (lean * Math.PI) / 360;
    const leaning = (turn * (radius - (outer + inner) / 2)) / ((outer - inner) / 2);
    const half = count > 1 ? gap / 2 / radius : 0;
    const step = (2 * Math.PI) / count;
    return [index * step + leaning + half, (index + 1) * step + leaning - half];
  }
}

const cut = ([from, to], until) => [from, from + (to - from) * until];
const n = (value) => String(Number(value.toFixed(2)));
const on = (radius, angle) => `${n(100 + radius * Math.sin(angle))} ${n(100 - radius * Math.cos(angle))}`;

export function pathElement(kind, d, hue) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", kind);
  path.setAttribute("d", d);
  if (hue) path.dataset.day = hue;
  return path;
}

// The badge of place `index` on a ring of `count`: its segment full, the others stand back.
export function badge(index, count) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 200 200");
  svg.setAttribute("aria-hidden", "true");
  for (let i = 0; i < count; i += 1) {
    const path = pathElement("ring__seg", segmentPath(i, count, { outer: 100, inner: 52, gap: 8 }));
    if (i !== index) path.dataset.off = "";
    svg.append(path);
  }
  return svg;
}
