import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import type { WrittenFile } from "./output_folder.js";
import { isRunning } from "./output_lock.js";

export const REPORT_NAME = "report.json";

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

/** What a report of ours in `folder` says of its run's files; undefined where there is none. */
export function readReport(folder: string): { readonly outputs: readonly WrittenFile[] } | undefined {
  try {
    const report = JSON.parse(readFileSync(join(folder, REPORT_NAME), "utf8"));
    if (typeof report.hounsfield !== "string" || !Array.isArray(report.outputs)) return undefined;
    const isFile = (output: { file?: unknown } | null) =>
      typeof output?.file === "string" && isPlainName(output.file);
    return { outputs: report.outputs.filter(isFile) };
  } catch {
    return undefined;
  }
}

/**
 * The files that a report of ours in `folder` lists as its run's: plain names only, whatever a strange report
 * says.
 */
export function reportedFiles(folder: string): string[] {
  return (readReport(folder)?.outputs ?? []).map(({ file }) => file);
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
