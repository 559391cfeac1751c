import { quantile } from "../stats/summary.js";
import { type ChartText, COLORS, chart, type Place } from "./chart.js";
import { svg, svgLine } from "./svg.js";

/** Numbers of each group. */
export type Samples = readonly (readonly [group: string, values: readonly number[]])[];

/**
 * Box plots (Tukey 1977): quartiles and median; whiskers to the last value within 1.5 interquartile ranges,
 * a dot for each beyond.
 */
export function boxChart(text: ChartText, samples: Samples): string {
  return chart(text, namesOf(samples), rangeOf(samples), (place) =>
    samples.flatMap(([, values], i) => boxOf(values, place, i)),
  );
}

function boxOf(values: readonly number[], { x, y, step }: Place, i: number): string[] {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  const reach = 1.5 * (q3 - q1);
  const inside = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach);
  const [low, high] = [inside[0], inside[inside.length - 1]];
  const half = Math.min(36, step / 4);
  const color = COLORS[i % COLORS.length];
  const pen = { stroke: color, "stroke-width": 1.5 };
  return [
    svgLine(x(i), y(low), x(i), y(high), pen),
    ...[low, high].map((end) => svgLine(x(i) - half / 2, y(end), x(i) + half / 2, y(end), pen)),
    svg("rect", {
      x: x(i) - half,
      y: y(q3),
      width: 2 * half,
      height: Math.max(0.5, y(q1) - y(q3)),
      fill: "#ffffff",
      ...pen,
    }),
    svgLine(x(i) - half, y(median), x(i) + half, y(median), { ...pen, "stroke-width": 2.5 }),
    ...sorted
      .filter((value) => value < low || value > high)
      .map((value) => svg("circle", { cx: x(i), cy: y(value), r: 2.5, fill: color })),
  ];
}

export function namesOf(samples: Samples): string[] {
  return samples.map(([group, values]) => `${group} (n = ${values.length})`);
}

/** Of all values; from 0 where that is near, as readers compare heights. */
export function rangeOf(samples: Samples): readonly [number, number] {
  const all = samples.flatMap(([, values]) => values);
  const low = all.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = all.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (all.length === 0) return [0, 1];
  return [low >= 0 && low < 0.5 * high ? 0 : low, high];
}
