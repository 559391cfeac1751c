import { prefetch } from "../../core/prefetch.js";
import type { DecodePool } from "../../decode/pool/pool.js";
import { createByteBudget } from "../../volume/byte_budget.js";
import type { DecodeStored } from "../../volume/stored_frames.js";
import { createNodeDecodePool } from "../decode_pool.js";
import { parse } from "./arguments.js";
import { type DecodeLine, decodeFile } from "./decode_file.js";
import { decodeInputs } from "./decode_inputs.js";
import { exitCode } from "./exit_codes.js";
import { createNpyNames } from "./npy_names.js";
import { OutputFolder } from "./output_folder.js";
import { progressLine } from "./progress_line.js";
import { table } from "./table.js";
import { UsageError } from "./usage_error.js";

/**
 * Frames that are under way, encoded and decoded, whatever their number and size; a larger single frame goes
 * alone.
 */
const BUDGET_BYTES = 256 * 2 ** 20;

/**
 * `hounsfield decode FILES... [--json] [--out DIR]`: stored values of every frame, checked, hashed and
 * written. Refused files do not end it.
 */
export async function decodeCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, { json: { type: "boolean" }, out: { type: "string" } });
  if (positionals.length === 0) throw new UsageError("expected FILES, got none");
  const folder = values.out === undefined ? undefined : new OutputFolder(values.out);
  const pool = createNodeDecodePool();
  const onProgress = progressLine();
  const lines: DecodeLine[] = [];
  try {
    const inputs = await decodeInputs(positionals, signal);
    // Two files a worker: one is decoded while the next is read.
    const ahead = 2 * pool.size;
    const budget = createByteBudget(BUDGET_BYTES);
    const options = {
      decode: storedBy(pool, signal),
      ahead,
      budget,
      signal,
      folder,
      nameNpy: createNpyNames(),
    };
    const results = prefetch(inputs.length, ahead, (i) => decodeFile(inputs[i], options));
    for await (const line of results) {
      if (values.json) process.stdout.write(`${JSON.stringify(line)}\n`);
      lines.push(line);
      onProgress({ stage: "decode", done: lines.length, total: inputs.length });
    }
    folder?.publish();
  } finally {
    folder?.discard();
    pool.destroy();
  }
  if (!values.json) process.stdout.write(`\n${asTables(lines)}`);
  return lines.every(({ ok }) => ok) ? exitCode.done : exitCode.refused;
}

function storedBy(pool: DecodePool, signal: AbortSignal): DecodeStored {
  return (bytes, frame, label) =>
    pool.decode({ bytes, frame, output: { kind: "stored" }, label }, { signal });
}

/** For people: what was decoded, then what was refused and why. */
function asTables(lines: readonly DecodeLine[]): string {
  const decoded = lines.filter((line) => line.ok);
  const refused = lines.filter((line) => !line.ok);
  const rows = decoded.map(
    ({ file, transferSyntax, rows, columns, frames, bitsAllocated, min, max, mean }) => [
      file,
      transferSyntax,
      `${frames > 1 ? `${frames} x ` : ""}${rows} x ${columns}`,
      String(bitsAllocated),
      `${min} to ${max}, mean ${mean.toFixed(1)}`,
    ],
  );
  const head = ["file", "transfer syntax", "frames x rows x columns", "bits", "values"];
  const reasons = refused.map(({ error }) => `refused: ${error.message} [${error.code}]\n`);
  return `${rows.length > 0 ? table(head, rows) : ""}${reasons.join("")}\n${decoded.length} decoded, ${refused.length} refused\n`;
}
