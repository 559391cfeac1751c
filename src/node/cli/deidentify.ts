import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { bytesSource } from "../../core/byte_source.js";
import { HounsfieldError } from "../../core/errors.js";
import {
  type ProfileOptions,
  profileAttributes,
  RETAINED,
  type Retained,
  treatmentOf,
} from "../../dicom/identity/attribute_rules.js";
import { deidentifiedFile, type Pseudonyms } from "../../dicom/identity/deidentify_file.js";
import { isDummyText } from "../../dicom/identity/replacement_values.js";
import {
  elementText,
  everyElement,
  readWholeHeader,
  type WholeHeader,
} from "../../dicom/identity/whole_header.js";
import { listSeries, type RefusedSeries, type Series } from "../../dicom/series/list_series.js";
import { openSources } from "../open_sources.js";
import { oneOf, onePositional, parse, required } from "./arguments.js";
import { exitCode } from "./exit_codes.js";
import { OutputFolder } from "./output_folder.js";
import { progressLine } from "./progress_line.js";
import { UsageError } from "./usage_error.js";

const DEFLATED = "1.2.840.10008.1.2.1.99";
const BURNED_IN_ANNOTATION = 0x00280301;

/** `hounsfield deidentify STUDY --out DIR`: see help/identity.ts and docs/identity.md. */
export async function deidentifyCommand(args: string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args, {
    out: { type: "string" },
    dates: { type: "string" },
    retain: { type: "string" },
    "key-file": { type: "string" },
    json: { type: "boolean" },
  } as const);
  const study = onePositional(positionals, "STUDY");
  const out = new OutputFolder(required(values.out, "--out DIR"));
  const options: ProfileOptions = {
    dates: oneOf(["remove", "shift", "keep"] as const, values.dates ?? "remove", "--dates"),
    retain: retainedOf(values.retain),
  };
  const key = values["key-file"] === undefined ? randomBytes(32) : keyOf(values["key-file"]);
  const sources = await openSources(study, { signal });
  const { series, skipped, broken } = await listSeries(sources, { broken: "list", signal });
  const stacks = series.filter(({ role }) => role === "stack");
  const leftOut = {
    otherImages: series.length - stacks.length,
    noImages: skipped.notDicom + skipped.notImage,
    broken: broken.length,
    burnedIn: 0,
  };
  const written = { patients: new Set<string>(), series: 0, files: 0 };
  const total = stacks.reduce((sum, one) => sum + filesOf(one).length, 0);
  const progress = progressLine();
  const table = profileAttributes();
  let done = 0;
  try {
    for (const stack of stacks) {
      let count = 0;
      for (const source of filesOf(stack)) {
        signal.throwIfAborted();
        const header = await readWholeHeader(source);
        progress({ stage: "deidentify", done: ++done, total });
        if (textAt(header, BURNED_IN_ANNOTATION) === "YES") {
          leftOut.burnedIn++;
          continue;
        }
        const pseudonyms = pseudonymsOf(header, key);
        if (!written.patients.has(pseudonyms.patientId)) written.patients.add(pseudonyms.patientId);
        if (count === 0) written.series++;
        count++;
        const fallbackUid = pseudonyms.uid(`${stack.seriesInstanceUid} ${source.name}`);
        const file = deidentifiedFile(header, { table, options, pseudonyms, fallbackUid });
        const name = `${pseudonyms.patientId}/series-${written.series}/${String(count).padStart(4, "0")}.dcm`;
        const bytes = header.transferSyntax === DEFLATED ? deflated(file) : file.bytes;
        await requireClean(name, bytes, options);
        await out.write(name, [bytes]);
        written.files++;
      }
    }
    if (written.files === 0)
      throw new HounsfieldError("no-dicom", "no slice was left to be written", { got: leftOut });
    out.publish();
  } finally {
    out.discard();
  }
  const summary = {
    patients: written.patients.size,
    series: written.series,
    files: written.files,
    leftOut,
    ...options,
  };
  process.stdout.write(values.json ? `${JSON.stringify(summary)}\n` : summaryText(summary, out.path));
  return exitCode.done;
}

/** In the order of the slices, each file once. */
function filesOf({ slices }: Series | RefusedSeries) {
  return [...new Map(slices.map(({ source }) => [source.name, source])).values()];
}

function retainedOf(text: string | undefined): readonly Retained[] {
  if (text === undefined) return [];
  return text.split(",").map((word) => oneOf(RETAINED, word.trim(), "--retain"));
}

/** Less could be guessed. */
const LEAST_KEY_BYTES = 16;

function keyOf(file: string): Buffer {
  let key: Buffer;
  try {
    key = readFileSync(file);
  } catch (cause) {
    throw new HounsfieldError("io", `cannot read ${file}`, { file }, cause);
  }
  if (key.length < LEAST_KEY_BYTES)
    throw new UsageError(`--key-file has ${key.length} bytes; a secret has at least ${LEAST_KEY_BYTES}`);
  return key;
}

function textAt({ elements }: WholeHeader, tag: number): string {
  const element = elements.find((one) => one.tag === tag);
  return (element && elementText(element)) ?? "";
}

/** Ten years; by day, so that seasons move too. */
const MOST_SHIFT_DAYS = 3650;

/** By HMAC-SHA-256 of the key: nobody without it can tell whether a pseudonym is of somebody known. */
function pseudonymsOf(header: WholeHeader, key: Buffer): Pseudonyms {
  const hash = (text: string) => createHmac("sha256", key).update(text).digest();
  const [id, name, study] = [0x00100020, 0x00100010, 0x0020000d].map((tag) => textAt(header, tag));
  const ofPatient = hash(`patient ${id || name || study}`);
  return {
    patientId: `ANON-${ofPatient.toString("hex", 0, 6)}`,
    shiftDays: -1 - (ofPatient.readUInt32BE(8) % MOST_SHIFT_DAYS),
    // 128 bits as a decimal number under 2.25 (PS3.5 B.2).
    uid: (old) => `2.25.${BigInt(`0x${hash(`uid ${old}`).toString("hex", 0, 16)}`)}`,
  };
}

function deflated({ bytes, dataSetAt }: { readonly bytes: Uint8Array; readonly dataSetAt: number }) {
  const packed = deflateRawSync(bytes.subarray(dataSetAt));
  return Buffer.concat([bytes.subarray(0, dataSetAt), packed, Buffer.alloc(packed.length % 2)]);
}

/**
 * What was written is read again, and everything in it asked for once more.
 * @throws HounsfieldError `internal` where something is left
 */
async function requireClean(name: string, bytes: Uint8Array, options: ProfileOptions): Promise<void> {
  const header = await readWholeHeader(bytesSource(name, bytes));
  const table = profileAttributes();
  for (const element of everyElement(header.elements)) {
    const { tag, vr } = element;
    const text = elementText(element);
    const treatment = treatmentOf({ tag, vr, text }, table, options);
    if (!text || treatment === "keep" || treatment === "shift-date" || isDummyText(text)) continue;
    if (treatment === "uid" && text.split("\\").every((uid) => uid.startsWith("2.25."))) continue;
    if (text.startsWith("ANON-")) continue;
    throw new HounsfieldError("internal", `${name}: an attribute was left that should have gone`, {
      file: name,
    });
  }
}

function summaryText(
  {
    patients,
    series,
    files,
    leftOut,
  }: {
    readonly patients: number;
    readonly series: number;
    readonly files: number;
    readonly leftOut: Readonly<Record<"otherImages" | "noImages" | "broken" | "burnedIn", number>>;
  },
  out: string,
): string {
  const { otherImages, noImages, broken, burnedIn } = leftOut;
  const lines = [
    `${files} files of ${series} series of ${patients} patient${patients === 1 ? "" : "s"} in ${out}`,
    otherImages > 0 && `left out: ${otherImages} series of localizers, dose pages or captures`,
    noImages > 0 && `left out: ${noImages} files that are no images`,
    broken > 0 && `left out: ${broken} damaged files`,
    burnedIn > 0 && `left out: ${burnedIn} images that say that text is burned into them`,
  ];
  return `${lines.filter(Boolean).join("\n")}\n`;
}
