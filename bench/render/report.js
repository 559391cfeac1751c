import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";

/** Prints the tables: medians, ranges in brackets; ratios are peer / ours. */
export function report({ machine, stepMm, versions, runs }, pictures) {
  const names = Object.keys(runs);
  const loads = machine.loads.map((load) => load.toFixed(1));
  console.log(
    `${machine.cpu}, ${machine.cores} cores, load average ${Math.min(...loads)} to ${Math.max(...loads)}`,
  );
  console.log(`step ${stepMm?.toFixed(3)} mm; ${versions.join("; ")}`);
  for (const name of names) console.log(`${name}: ${runs[name][0].about.adapter}`);
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
  const modes = [...new Set(names.flatMap((name) => Object.keys(runs[name][0].modes)))];
  const of = (mode, key) => (run) =>
    (run.modes[mode]?.frames ?? []).map((frame) => frame[key]).filter((value) => value !== undefined);
  const changeOf = (mode, key) => (run) => (run.modes[mode] ? [run.modes[mode].change[key]] : []);
  table(
    "Frames",
    names,
    first,
    modes.flatMap((mode) => [
      [`${mode}, ms`, of(mode, "ms"), 0],
      [`${mode}, CPU s`, of(mode, "cpuSeconds"), 2],
      [`${mode}, ms to a rough picture`, of(mode, "roughMs"), 0],
      [`change to ${mode} with its first frame, ms`, changeOf(mode, "ms"), 0],
      [`change to ${mode} with its first frame, CPU s`, changeOf(mode, "cpuSeconds"), 2],
    ]),
    runs,
  );
  console.log("\nMean difference of the pictures from the first contestant's, gray levels");
  for (const mode of modes)
    for (const name of names.slice(1))
      console.log(`  ${mode} ${name} ${difference(pictures, mode, first, name)}`);
}

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

function cell(values, digits) {
  if (values.length === 0) return "";
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  return `${median(values).toFixed(digits)} (${least}-${most})`;
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function difference(pictures, mode, first, name) {
  const [a, b] = [first, name].map((contestant) => join(pictures, `${contestant}-${mode}.png`));
  if (!existsSync(a) || !existsSync(b)) return "not drawn by both";
  const [ours, theirs] = [a, b].map((file) => decode(readFileSync(file)));
  const gray = ({ data, channels }, pixel) =>
    (data[pixel * channels] + data[pixel * channels + 1] + data[pixel * channels + 2]) / 3;
  let sum = 0;
  const count = ours.width * ours.height;
  for (let pixel = 0; pixel < count; pixel++) sum += Math.abs(gray(ours, pixel) - gray(theirs, pixel));
  return (sum / count).toFixed(2);
}
