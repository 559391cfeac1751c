import type { SliceHeader } from "../image/slice_header.js";
import type { SlicePosition } from "./slice_positions.js";

/** Ways to tell which ranks a place lacks, beyond which too many are missing to tell. */
const MOST_CHOICES = 2000;
/** Clocks of a place keep the distances of the ranks within this share of the smallest. */
const CLOCK_SHARE = 0.25;

/**
 * Seconds of a date and time as files have it ("20260101120000.5", "120000"), or a number as it is; NaN where
 * it is neither.
 */
export function clockValue(value: string | number | undefined): number {
  if (typeof value !== "string") return value ?? Number.NaN;
  const digits = /^(?:(\d{4})(\d\d)(\d\d))?(\d\d)(\d\d)(\d\d(?:\.\d+)?)/.exec(value.replaceAll(":", ""));
  if (!digits) return Number.NaN;
  const [, year, month, day, hours, minutes, seconds] = digits;
  const date = year === undefined ? 0 : Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000;
  return date + 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds);
}

/**
 * Images of each rank, of all places, where some places lack some. A rank has one distance from the mean of
 * its place; a place that lacks ranks has those whose distances its clocks keep. Undefined where not exactly
 * one choice does.
 * @param ranked the places that lack none, each in the order of its clocks
 */
export function fillRanks(
  places: readonly SlicePosition[],
  ranked: readonly SlicePosition[],
  clockOf: (header: SliceHeader) => number,
): SliceHeader[][] | undefined {
  const count = ranked[0].length;
  const means = ranked.map((place) => place.reduce((sum, header) => sum + clockOf(header), 0) / count);
  const distances = ranked[0].map(
    (_, k) => ranked.reduce((sum, place, p) => sum + clockOf(place[k]) - means[p], 0) / ranked.length,
  );
  const closest = Math.min(...distances.slice(1).map((distance, k) => distance - distances[k]));
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const slack = (high - low) / 2 + CLOCK_SHARE * closest;
  const fits = (values: readonly number[], ranks: readonly number[]) => {
    const offsets = values.map((value, i) => value - distances[ranks[i]]);
    const [least, most] = [Math.min(...offsets), Math.max(...offsets)];
    return most - least <= CLOCK_SHARE * closest && least >= low - slack && most <= high + slack;
  };
  const parts = Array.from({ length: count }, (): SliceHeader[] => []);
  const full = new Set(ranked.map(([header]) => header));
  for (const place of places) {
    const sorted = [...place].sort((a, b) => clockOf(a) - clockOf(b));
    const choices = sorted.length === count ? [sorted.map((_, k) => k)] : choicesOf(sorted.length, count);
    const values = sorted.map(clockOf);
    const fitting = full.has(sorted[0]) ? choices : choices?.filter((ranks) => fits(values, ranks));
    if (fitting?.length !== 1) return undefined;
    for (const [i, rank] of fitting[0].entries()) parts[rank].push(sorted[i]);
  }
  return parts;
}

/** All ascending choices of `take` ranks of `count`; undefined where there are too many. */
function choicesOf(take: number, count: number): number[][] | undefined {
  let choices: number[][] = [[]];
  for (let i = 0; i < take; i++) {
    choices = choices.flatMap((ranks) => {
      const from = (ranks.at(-1) ?? -1) + 1;
      const to = count - (take - i) + 1;
      return Array.from({ length: Math.max(0, to - from) }, (_, k) => [...ranks, from + k]);
    });
    if (choices.length > MOST_CHOICES) return undefined;
  }
  return choices;
}
