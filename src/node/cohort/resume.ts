import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { StudyReport } from "./study_report.js";

/** What a study's results were made of; where all of it is as it was, they still hold. */
export interface Provenance {
  /** Names, sizes and times of change of the input's files. */
  readonly inputs: string;
  readonly recipe: string;
  /** Of the library's own files. */
  readonly build: string;
}

/** Beside the results, not among them: times of change differ between machines. */
const FOLDER = ".resume";

/**
 * The report of an earlier run that still holds: the same inputs, recipe and build, and every output there at
 * its size. (`hounsfield verify` reads them too.) Undefined where something is to be done.
 */
export function earlierReport(out: string, study: string, now: Provenance): StudyReport | undefined {
  try {
    const then = JSON.parse(readFileSync(statePath(out, study), "utf8"));
    if (JSON.stringify(then) !== JSON.stringify(now)) return undefined;
    const report: StudyReport = JSON.parse(readFileSync(join(out, study, "report.json"), "utf8"));
    const isThere = ({ file, bytes }: { file: string; bytes: number }) =>
      statSync(join(out, study, file)).size === bytes;
    return report.status !== "crashed" && report.outputs.every(isThere) ? report : undefined;
  } catch {
    return undefined;
  }
}

/** Written when the results are in place: a run that is killed before does the study again. */
export function noteProvenance(out: string, study: string, provenance: Provenance): void {
  const path = statePath(out, study);
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(provenance));
  renameSync(draft, path);
}

function statePath(out: string, study: string): string {
  return join(out, FOLDER, `${study}.json`);
}

/** Changes whenever a file of the study comes, goes or is written to; reads none of them. */
export function inputsFingerprint(path: string): string {
  const hash = createHash("sha256");
  const add = (at: string) => {
    const { size, mtimeMs } = statSync(at);
    hash.update(`${at.slice(path.length)}\n${size}\n${mtimeMs}\n`);
  };
  if (!statSync(path).isDirectory()) add(path);
  else for (const name of readdirSync(path).sort()) add(join(path, name));
  return hash.digest("hex");
}

/** SHA-256 over the library's files: another build may make other bits. */
export function buildHash(dist: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".js")).sort())
    hash.update(file).update(readFileSync(join(dist, file)));
  return hash.digest("hex");
}
