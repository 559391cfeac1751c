import { isHounsfieldError } from "../../core/errors.js";
import { type IdentityAudit, IdentityAuditor } from "../../dicom/identity/audit_identity.js";
import { readWholeHeader } from "../../dicom/identity/whole_header.js";
import { findStudies } from "../cohort/find_studies.js";
import { openSources } from "../open_sources.js";
import { onePositional, parse } from "./arguments.js";
import { exitCode } from "./exit_codes.js";
import { progressLine } from "./progress_line.js";
import { facts, table } from "./table.js";

interface AuditedStudy extends IdentityAudit {
  /** By its place in the data set: its folder may be called after the patient. */
  readonly study: string;
}

/** `hounsfield audit DATASET`: see help/identity.ts, docs/identity.md. Exit code 1: something was found. */
export async function auditCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, { json: { type: "boolean" } } as const);
  const places = findStudies(onePositional(positionals, "DATASET"), "ordinal");
  const studies: AuditedStudy[] = [];
  for (const place of places) studies.push({ study: place.id, ...(await auditOf(place.path, signal)) });
  process.stdout.write(values.json ? `${JSON.stringify({ studies })}\n` : studies.map(studyText).join(""));
  return studies.every(isClean) ? exitCode.done : exitCode.refused;
}

/** Every DICOM file of a folder or archive; others do not count. */
async function auditOf(path: string, signal: AbortSignal): Promise<IdentityAudit> {
  const sources = await openSources(path, { signal });
  const auditor = new IdentityAuditor();
  const progress = progressLine();
  for (const [i, source] of sources.entries()) {
    signal.throwIfAborted();
    try {
      auditor.add(await readWholeHeader(source));
    } catch (error) {
      if (!isHounsfieldError(error)) throw error;
      if (error.code !== "not-dicom") auditor.addUnreadable(source.name);
    }
    progress({ stage: "audit", done: i + 1, total: sources.length });
  }
  return auditor.result();
}

function isClean({ findings, notes }: IdentityAudit): boolean {
  return findings.length === 0 && notes.every(({ code }) => code === "burned-in-unknown");
}

function studyText(audit: AuditedStudy): string {
  const { study, files, findings, notes, verdicts } = audit;
  const rows = findings.map(({ tag, name, action, files: count, masked }) => [
    tag,
    name,
    action,
    `${count}/${files}`,
    masked,
  ]);
  const found =
    rows.length > 0 ? table(["tag", "attribute", "profile", "files", "looks like"], rows, [3]) : "";
  const judged = verdicts.map(({ profile, attributes }): [string, string] => [
    profile,
    attributes === 0 ? "nothing left" : `${attributes} attribute${attributes === 1 ? "" : "s"} left`,
  ]);
  const noted = notes.map(({ message, files: count, code }): [string, string] => [
    `${count}/${files}`,
    `${message} [${code}]`,
  ]);
  const verdict = isClean(audit) ? "nothing identifies the patient by PS3.15 E.1" : "identity is left";
  return `\n${study}: ${files} files, ${verdict}\n${found}${facts(judged)}${facts(noted)}`;
}
