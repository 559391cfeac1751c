import { type ChartText, COLORS, chart } from "./chart.js";
import { svg, svgText } from "./svg.js";

/** A bar for each group and series, the series side by side. */
export interface Bars {
  readonly groups: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** Bars from 0. `label` writes a value above its bar; nothing is written where it is left out. */
export function barChart(
  text: ChartText,
  { groups, series }: Bars,
  label: (value: number) => string = () => "",
): string {
  const most = Math.max(0, ...series.flatMap(({ values }) => values));
  // Room for the keys above the bars.
  const high = series.length > 1 ? 1.1 * most : most;
  const keys = series.map(({ name }, i) => ({ name, color: COLORS[i % COLORS.length] }));
  return chart(
    text,
    groups,
    [0, high || 1],
    ({ x, y, step }) => {
      const width = (0.7 * step) / series.length;
      return series.flatMap(({ values }, s) =>
        values.flatMap((value, g) => {
          const left = x(g) + (s - series.length / 2) * width;
          const bar = { x: left, y: y(value), width: Math.max(1, width - 2), height: y(0) - y(value) };
          const written = label(value);
          return [
            svg("rect", { ...bar, fill: keys[s].color }),
            ...(written
              ? [svgText(left + width / 2 - 1, y(value) - 4, written, { "text-anchor": "middle" })]
              : []),
          ];
        }),
      );
    },
    series.length > 1 ? keys : [],
  );
}

/** How many of each series' values lie in each of `count` equal intervals of [0, 1]; 1 is in the last. */
export function histogramOf(
  series: readonly { readonly name: string; readonly values: readonly number[] }[],
  count: number,
  high: number,
): Bars {
  const of = (value: number) => Math.min(count - 1, Math.floor((value / high) * count));
  return {
    groups: Array.from({ length: count }, (_, i) => `${((i + 0.5) * (high / count)).toFixed(2)}`),
    series: series.map(({ name, values }) => ({
      name,
      values: Array.from({ length: count }, (_, i) => values.filter((value) => of(value) === i).length),
    })),
  };
}
