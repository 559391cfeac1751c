import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { isMode } from "./scene.js";

/** @typedef {import("./measure.js").Run} Run */
/** @typedef {import("./scene.js").Mode} Mode */
/** @typedef {Readonly<Record<string, readonly Run[]>>} Runs */

/**
 * A row of a table: what a run gives to it, and digits behind the point.
 * @typedef {readonly [label: string, valuesOf: (run: Run) => readonly number[], digits: number]} Row
 */

/**
 * Prints the tables: medians, ranges in brackets; ratios are peer / ours.
 * @param {{ readonly machine: { cpu: string, cores: number, loads: readonly number[] },
 * readonly stepMm: number,
 * readonly versions: readonly string[], readonly runs: Runs }} result
 * @param {string} pictures their folder
 */
export function report({ machine, stepMm, versions, runs }, pictures) {
  const names = Object.keys(runs);
  const [least, most] = [Math.min(...machine.loads), Math.max(...machine.loads)].map((load) =>
    load.toFixed(1),
  );
  console.log(`${machine.cpu}, ${machine.cores} cores, load average ${least} to ${most}`);
  console.log(`step ${stepMm?.toFixed(3)} mm; ${versions.join("; ")}`);
  for (const name of names) console.log(`${name}: ${runs[name][0].about?.adapter}`);
  const [first] = names;
  table(
    "Loading and memory",
    names,
    first,
    [
      ["first thing on screen, ms", (run) => [run.load.firstMs], 0],
      ["volume there, ms", (run) => [run.load.loadedMs], 0],
      ["first full picture (MIP where there is one), ms", (run) => [run.load.fullMs], 0],
      ["load to full picture, CPU s", (run) => [run.load.cpuSeconds], 2],
      ["renderer peak over base, MB", (run) => [run.memory.renderer], 0],
      ["GPU process peak over base, MB", (run) => [run.memory.gpu], 0],
      ["renderer peak, all modes, MB", (run) => [run.memoryAtEnd.renderer], 0],
      ["GPU process peak, all modes, MB", (run) => [run.memoryAtEnd.gpu], 0],
    ],
    runs,
  );
  const modes = [...new Set(names.flatMap((name) => Object.keys(runs[name][0].modes).filter(isMode)))];
  /** @type {(mode: Mode, key: "ms" | "cpuSeconds" | "roughMs") => (run: Run) => readonly number[]} */
  const of = (mode, key) => (run) =>
    (run.modes[mode]?.frames ?? []).map((frame) => frame[key]).filter((value) => value !== undefined);
  /** @type {(mode: Mode, key: "ms" | "cpuSeconds") => (run: Run) => readonly number[]} */
  const changeOf = (mode, key) => (run) => [run.modes[mode]?.change[key] ?? []].flat();
  table(
    "Frames",
    names,
    first,
    modes.flatMap(
      (mode) =>
        /** @type {Row[]} */ ([
          [`${mode}, ms`, of(mode, "ms"), 0],
          [`${mode}, CPU s`, of(mode, "cpuSeconds"), 2],
          [`${mode}, ms to a rough picture`, of(mode, "roughMs"), 0],
          [`change to ${mode} with its first frame, ms`, changeOf(mode, "ms"), 0],
          [`change to ${mode} with its first frame, CPU s`, changeOf(mode, "cpuSeconds"), 2],
        ]),
    ),
    runs,
  );
  console.log(`\nSamples a frame, millions`);
  for (const name of names)
    for (const [mode, counts] of Object.entries(runs[name][0].samples))
      if (counts) console.log(`  ${mode} ${name} ${counts.taken.toFixed(1)} of ${counts.all.toFixed(1)}`);
  /** @type {Map<string, number | undefined>} */
  const apart = new Map();
  /** @type {Map<string, number | undefined>} */
  const quality = new Map();
  for (const mode of modes)
    for (const name of names) {
      const file = (/** @type {string} */ contestant, /** @type {string} */ kind) =>
        join(pictures, `${contestant}-${kind}.png`);
      if (name !== first) apart.set(`${mode} ${name}`, difference(file(first, mode), file(name, mode)));
      quality.set(`${mode} ${name}`, difference(file(name, mode), file(name, `${mode}-fine`)));
    }
  list(`Mean difference of the pictures from ${first}'s, gray levels`, apart);
  list("Mean difference of the pictures from those at a quarter of the step, gray levels", quality);
}

/**
 * @param {string} title
 * @param {readonly string[]} names
 * @param {string} first
 * @param {readonly Row[]} rows
 * @param {Runs} runs
 */
function table(title, names, first, rows, runs) {
  console.log(
    `\n${title}\n\n| | ${names.join(" | ")} | ${names
      .slice(1)
      .map((name) => `${name} / ${first}`)
      .join(" | ")} |`,
  );
  console.log(`|${" --- |".repeat(2 * names.length)}`);
  for (const [label, valuesOf, digits] of rows) {
    const values = names.map((name) => runs[name].flatMap(valuesOf));
    if (values.every((list) => list.length === 0)) continue;
    const cells = values.map((list) => cell(list, digits));
    const ratios = values
      .slice(1)
      .map((list) => (list.length && values[0].length ? (median(list) / median(values[0])).toFixed(2) : ""));
    console.log(`| ${label} | ${cells.join(" | ")} | ${ratios.join(" | ")} |`);
  }
}

/** @param {readonly number[]} values @param {number} digits */
function cell(values, digits) {
  if (values.length === 0) return "";
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  return `${median(values).toFixed(digits)} (${least}-${most})`;
}

/** @param {readonly number[]} values */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** @param {string} title @param {ReadonlyMap<string, number | undefined>} values */
function list(title, values) {
  const known = [...values].flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
  if (known.length === 0) return;
  console.log(`\n${title}`);
  for (const { label, value } of known) console.log(`  ${label} ${value.toFixed(2)}`);
}

/**
 * Of two pictures of one size; undefined where one was not drawn.
 * @param {string} a
 * @param {string} b
 */
function difference(a, b) {
  if (!existsSync(a) || !existsSync(b)) return undefined;
  const [one, other] = [a, b].map((file) => decode(readFileSync(file)));
  /** @param {import("fast-png").DecodedPng} png @param {number} pixel */
  const gray = ({ data, channels }, pixel) =>
    (data[pixel * channels] + data[pixel * channels + 1] + data[pixel * channels + 2]) / 3;
  let sum = 0;
  const count = one.width * one.height;
  for (let pixel = 0; pixel < count; pixel++) sum += Math.abs(gray(one, pixel) - gray(other, pixel));
  return sum / count;
}
