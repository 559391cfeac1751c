import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { isRunning } from "./output_lock.js";

export const reportName = "report.json";

/** ".partial-HOST-PID-": so that whoever comes later can tell whether its maker still runs. */
export function partialPrefix(pid = process.pid): string {
  return `.partial-${hostname().replaceAll(/[^\w.]/g, "_")}-${pid}-`;
}

/** Removes the hidden folders of runs of this host that were killed. */
export function sweepPartials(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^\.partial-.*-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid === undefined || !name.startsWith(partialPrefix(Number(pid))) || isRunning(Number(pid))) continue;
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * The files that a report of ours in `folder` lists as its run's: plain names only, whatever a strange report
 * says.
 */
export function reportedFiles(folder: string): string[] {
  try {
    const report = JSON.parse(readFileSync(join(folder, reportName), "utf8"));
    if (typeof report.hounsfield !== "string" || !Array.isArray(report.outputs)) return [];
    const names: unknown[] = report.outputs.map((output: { file?: unknown } | null) => output?.file);
    return names.filter((name) => typeof name === "string").filter((name) => isPlainName(name));
  } catch {
    return [];
  }
}

function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && basename(name) === name && !name.includes("\\");
}

/** Makes renames in a folder durable; Windows has no such thing and refuses. */
export function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, "r");
    fsyncSync(descriptor);
  } catch {
    // The names are right, if not yet on the disk.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
