import { summaryOf } from "../stats/summary.js";
import { namesOf, rangeOf, type Samples } from "./box.js";
import { type ChartText, COLORS, chart, type Place } from "./chart.js";
import { svg, svgLine } from "./svg.js";

const POINTS = 64;

/**
 * Violin plots (Hintze and Nelson 1998): the density of each group's values, estimated with a Gaussian kernel
 * of Scott's bandwidth (1.06 standard deviations over the fifth root of their number), a line at the mean and
 * a dot a value.
 */
export function violinChart(text: ChartText, samples: Samples): string {
  return chart(text, namesOf(samples), rangeOf(samples), (place) =>
    samples.flatMap(([, values], i) => violinOf(values, place, i)),
  );
}

function violinOf(values: readonly number[], { x, y, step }: Place, i: number): string[] {
  const summary = summaryOf(values);
  if (!summary) return [];
  const { mean, standardDeviation, min, max } = summary;
  const color = COLORS[i % COLORS.length];
  const half = Math.min(60, 0.4 * step);
  const dots = values.map((value) =>
    svg("circle", { cx: x(i), cy: y(value), r: 2, fill: color, "fill-opacity": 0.7 }),
  );
  const middle = svgLine(x(i) - half, y(mean), x(i) + half, y(mean), { stroke: color, "stroke-width": 2 });
  if (standardDeviation === 0) return [middle, ...dots];
  const bandwidth = (1.06 * standardDeviation) / values.length ** 0.2;
  const at = Array.from({ length: POINTS }, (_, k) => min + ((max - min) * k) / (POINTS - 1));
  const density = at.map((value) =>
    values.reduce((sum, one) => sum + Math.exp(-(((value - one) / bandwidth) ** 2) / 2), 0),
  );
  const widest = Math.max(...density);
  const side = (sign: number) =>
    at.map((value, k) => `${(x(i) + (sign * half * density[k]) / widest).toFixed(2)},${y(value).toFixed(2)}`);
  const points = [...side(1), ...side(-1).reverse()].join(" ");
  return [
    svg("polygon", { points, fill: color, "fill-opacity": 0.25, stroke: color, "stroke-width": 1.5 }),
    middle,
    ...dots,
  ];
}
