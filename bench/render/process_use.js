// What a browser's processes take, read from /proc (proc(5)): Linux only.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** USER_HZ, which Linux fixes at 100 for what it shows in /proc. */
const TICKS_PER_SECOND = 100;

/**
 * The process and all below it, each with its kind by Chromium's command line: "gpu-process", "renderer", ...
 * @param {number} root
 */
export function processTree(root) {
  /** @type {Map<number, number>} */
  const parents = new Map();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const fields = statOf(name);
    if (fields) parents.set(Number(name), Number(fields[1]));
  }
  /** @param {number | undefined} pid @returns {boolean} */
  const isBelow = (pid) => pid !== undefined && (pid === root || isBelow(parents.get(pid)));
  return [...parents.keys()].filter(isBelow).map((pid) => ({ pid, kind: kindOf(pid) }));
}

/**
 * User and system time of all processes below `root`, with those that have ended and were waited for.
 * @param {number} root
 */
export function cpuSeconds(root) {
  const ticks = processTree(root).reduce((sum, { pid }) => {
    const fields = statOf(pid) ?? [];
    return sum + [11, 12, 13, 14].reduce((time, field) => time + Number(fields[field] ?? 0), 0);
  }, 0);
  return ticks / TICKS_PER_SECOND;
}

/**
 * Starts the count of peak memory anew, for all of them.
 * @param {number} root
 */
export function forgetPeaks(root) {
  for (const { pid } of processTree(root)) writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** @typedef {{ readonly residentMb: number, readonly peakMb: number }} MemoryUse */

/**
 * Resident and peak MB of the GPU process and of the page's renderer, which of several is the largest.
 * @param {number} root
 */
export function memoryOf(root) {
  const tree = processTree(root);
  const largest = (/** @type {string} */ kind) =>
    tree
      .filter((process) => process.kind === kind)
      .map(({ pid }) => ({ pid, residentMb: statusMb(pid, "VmRSS"), peakMb: statusMb(pid, "VmHWM") }))
      .sort((a, b) => b.peakMb - a.peakMb)[0];
  return { gpu: largest("gpu-process"), renderer: largest("renderer") };
}

/** @param {number} pid @param {"VmRSS" | "VmHWM"} field */
function statusMb(pid, field) {
  const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+) kB`).exec(read(`/proc/${pid}/status`)) ?? [];
  return (Number(kilobytes ?? 0) * 1024) / 1e6;
}

/**
 * Fields behind the name, which is in brackets and may hold anything: [0] is the state, [1] the parent.
 * @param {number | string} pid
 */
function statOf(pid) {
  const text = read(`/proc/${pid}/stat`);
  return text ? text.slice(text.lastIndexOf(")") + 2).split(" ") : undefined;
}

/** @param {number} pid */
function kindOf(pid) {
  const [, kind] = /--type=([\w-]+)/.exec(read(`/proc/${pid}/cmdline`)) ?? [];
  return kind ?? "browser";
}

/**
 * Empty where the process has ended meanwhile.
 * @param {string} path
 */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
