import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { HounsfieldError } from "../../core/errors.js";
import { readReports } from "../cohort/manifest.js";
import { onePositional, parse } from "./arguments.js";
import { exitCode } from "./exit_codes.js";
import { readReport } from "./left_behind.js";
import type { WrittenFile } from "./output_folder.js";

/**
 * `hounsfield verify DIR`: reads every file that reports in DIR list, and says which is not as it was
 * written.
 */
export async function verifyCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, { json: { type: "boolean" } });
  const folder = onePositional(positionals, "DIR");
  const reports = [
    { place: "", outputs: outputsOf(folder) },
    ...(existsSync(folder) ? readReports(folder) : []).map(({ study, outputs }) => ({
      place: study,
      outputs,
    })),
  ];
  const listed = reports.flatMap(({ place, outputs }) =>
    outputs.map((output) => ({ ...output, file: join(place, output.file) })),
  );
  if (listed.length === 0)
    throw new HounsfieldError("io", `no report.json in ${folder} lists any file`, { file: folder });
  const wrong: string[] = [];
  for (const output of listed) {
    signal.throwIfAborted();
    const fault = await faultOf(folder, output);
    if (fault !== undefined) wrong.push(`${output.file}: ${fault}`);
  }
  wrong.push(...strays(folder, reports));
  const { length } = listed;
  if (values.json) process.stdout.write(`${JSON.stringify({ files: length, wrong })}\n`);
  else
    process.stdout.write(
      `${wrong.map((line) => `${line}\n`).join("")}${length} files, ${wrong.length} wrong\n`,
    );
  return wrong.length === 0 ? exitCode.done : exitCode.refused;
}

function outputsOf(folder: string): readonly WrittenFile[] {
  return readReport(folder)?.outputs ?? [];
}

async function faultOf(folder: string, { file, bytes, sha256 }: WrittenFile): Promise<string | undefined> {
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const chunk of createReadStream(join(folder, file))) {
      hash.update(chunk);
      size += chunk.length;
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "missing" : String(error);
  }
  if (size !== bytes) return `${size} bytes, not ${bytes}`;
  return sha256 === undefined || hash.digest("hex") === sha256
    ? undefined
    : "another content than was written";
}

/** Files beside a study's that its report does not list: nobody knows what they are of. */
function strays(
  folder: string,
  reports: readonly { readonly place: string; readonly outputs: readonly WrittenFile[] }[],
): string[] {
  return reports.flatMap(({ place, outputs }) => {
    const known = new Set(["report.json", "timings.csv", ...outputs.map(({ file }) => file)]);
    const entries = readdirSync(join(folder, place), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith(".") && !known.has(entry.name))
      .map(({ name }) => `${join(place, name)}: in no report`);
  });
}
