// Round numbers: what core/scales.py and kernel's core/figures.py say,
// for figures that arrive while the wall is open. A browser test compares the two.

function roundAbove(value, leading, least) {
  for (let power = 1; ; power *= 10) {
    for (const lead of leading) {
      const top = lead * power;
      if (top >= value && top >= least) return top;
    }
  }
}

export const axisTop = (most) => roundAbove(most, [3, 6, 12], 3);

export function heatBounds(counts) {
  const top = roundAbove(Math.max(0, ...counts.filter(Boolean)), [1, 2, 4], 100);
  return [10, 25, 50, 75].map((step) => Math.floor((top * step) / 100));
}

export const heatStep = (count, bounds) => (count ? 1 + bounds.filter((bound) => count >= bound).length : 0);

export function compact(count, chinese) {
  const units = chinese ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "G"], [1e6, "M"], [1e3, "k"]];
  for (const [size, unit] of units) {
    if (count < size) continue;
    const tenths = Math.floor((count * 10) / size);
    return tenths >= 100 || tenths % 10 === 0 ? `${Math.floor(tenths / 10)}${unit}` : `${(tenths / 10).toFixed(1)}${unit}`;
  }
  return String(count);
}
