import { svg, svgLine, svgText } from "./svg.js";

// The frame of a chart: one value axis, and beside each other groups or intervals of another.

const [WIDTH, HEIGHT] = [560, 380];
const MARGIN = { left: 68, right: 16, top: 40, bottom: 52 };
const INK = "#222222";

/** Okabe and Ito (2008): told apart by people of any color vision. */
export const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"] as const;

export interface ChartText {
  readonly title: string;
  readonly valueLabel: string;
  readonly groupLabel?: string;
}

/** Where values and groups lie on the page, in pixels. */
export interface Place {
  y(value: number): number;
  /** Middle of one of the groups. */
  x(group: number): number;
  /** Of one group. */
  readonly step: number;
}

export interface ChartKey {
  readonly name: string;
  readonly color: string;
}

/**
 * A chart over `groups`, whose value axis goes from `low` to at least `high`. `draw` gives what stands in it;
 * `keys` is what colors mean, where they mean anything.
 */
export function chart(
  text: ChartText,
  groups: readonly string[],
  [low, high]: readonly [number, number],
  draw: (place: Place) => readonly string[],
  keys: readonly ChartKey[] = [],
): string {
  const ticks = ticksOf(low, high);
  const [bottom, top] = [ticks[0], ticks[ticks.length - 1]];
  const [x0, x1] = [MARGIN.left, WIDTH - MARGIN.right];
  const [y0, y1] = [HEIGHT - MARGIN.bottom, MARGIN.top];
  const step = (x1 - x0) / groups.length;
  const y = (value: number) => y0 + ((value - bottom) / (top - bottom)) * (y1 - y0);
  const x = (group: number) => x0 + (group + 0.5) * step;
  const axis = ticks.flatMap((tick) => [
    svgLine(x0, y(tick), x1, y(tick), { stroke: "#e4e4e4" }),
    svgText(x0 - 8, y(tick) + 4, tickText(tick, ticks), { "text-anchor": "end" }),
  ]);
  const names = groups.map((name, i) => svgText(x(i), y0 + 20, name, { "text-anchor": "middle" }));
  const parts = [
    svg("rect", { width: WIDTH, height: HEIGHT, fill: "#ffffff" }),
    svgText(x0, 22, text.title, { "font-size": 15, "font-weight": 600 }),
    ...axis,
    ...draw({ x, y, step }),
    svgLine(x0, y0, x1, y0, { stroke: INK }),
    ...names,
    svgText(-(y0 + y1) / 2, 18, text.valueLabel, { transform: "rotate(-90)", "text-anchor": "middle" }),
    ...(text.groupLabel
      ? [svgText((x0 + x1) / 2, HEIGHT - 10, text.groupLabel, { "text-anchor": "middle" })]
      : []),
    ...keysOf(keys, x1),
  ];
  const font = { "font-family": "Helvetica, Arial, sans-serif", "font-size": 12, fill: INK };
  const size = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img" };
  const title = svg("title", {}, text.title.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
  return `${svg("svg", { xmlns: "http://www.w3.org/2000/svg", ...size, ...font }, title, ...parts)}\n`;
}

function keysOf(keys: readonly ChartKey[], right: number): string[] {
  return keys.flatMap(({ name, color }, i) => {
    const y = MARGIN.top + 8 + 18 * i;
    return [
      svg("rect", { x: right - 14, y: y - 9, width: 12, height: 12, fill: color }),
      svgText(right - 20, y + 1, name, { "text-anchor": "end" }),
    ];
  });
}

/** Multiples of 1, 2 or 5 times a power of ten around [low, high], about five of them. */
export function ticksOf(low: number, high: number): number[] {
  const span = high > low ? high - low : 1;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999)!;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil((low + span) / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function tickText(tick: number, [first, second]: readonly number[]): string {
  const digits = Math.max(0, -Math.floor(Math.log10(second - first) + 1e-9));
  return tick.toFixed(digits);
}
