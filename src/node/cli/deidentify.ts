import { randomBytes } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { type ByteSource, bytesSource } from "../../core/byte_source.js";
import { HounsfieldError } from "../../core/errors.js";
import {
  type ProfileAttribute,
  type ProfileOptions,
  profileAttributes,
  RETAINED,
  type Retained,
} from "../../dicom/identity/attribute_rules.js";
import { checkDeidentified } from "../../dicom/identity/check_deidentified.js";
import { deidentifiedFile, type Pseudonyms } from "../../dicom/identity/deidentify_file.js";
import { readWholeHeader, type WholeHeader } from "../../dicom/identity/whole_header.js";
import { listSeries, type RefusedSeries, type Series } from "../../dicom/series/list_series.js";
import { openSources } from "../open_sources.js";
import { oneOf, onePositional, parse, required } from "./arguments.js";
import { OutputFolder } from "./output_folder.js";
import { progressLine } from "./progress_line.js";
import { headerText, pseudonymsOf, readKey } from "./pseudonyms.js";

const DEFLATED = "1.2.840.10008.1.2.1.99";
const BURNED_IN_ANNOTATION = 0x00280301;

/** What was not written, and why. */
type LeftOut = Readonly<Record<"otherImages" | "noImages" | "broken" | "burnedIn", number>>;

/** What a run writes by. */
interface Settings {
  readonly out: OutputFolder;
  readonly options: ProfileOptions;
  readonly key: Buffer;
  readonly table: ReadonlyMap<number, ProfileAttribute>;
  readonly signal: AbortSignal;
}

/** `hounsfield deidentify STUDY --out DIR`: see help/identity.ts and docs/identity.md. */
export async function deidentifyCommand(args: string[], signal: AbortSignal): Promise<void> {
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
  const key = values["key-file"] === undefined ? randomBytes(32) : readKey(values["key-file"]);
  const sources = await openSources(study, { signal });
  const { series, skipped, broken } = await listSeries(sources, { broken: "list", signal });
  const stacks = series.filter(({ role }) => role === "stack");
  const written = await writeStacks(stacks, { out, options, key, table: profileAttributes(), signal });
  const leftOut: LeftOut = {
    otherImages: series.length - stacks.length,
    noImages: skipped.notDicom + skipped.notImage,
    broken: broken.length,
    burnedIn: written.burnedIn,
  };
  const { patients, files } = written;
  const summary = { patients, series: written.series, files, leftOut, ...options };
  process.stdout.write(values.json ? `${JSON.stringify(summary)}\n` : summaryText(summary, out.path));
}

function retainedOf(text: string | undefined): readonly Retained[] {
  if (text === undefined) return [];
  return text.split(",").map((word) => oneOf(RETAINED, word.trim(), "--retain"));
}

/** Writes all of them, or nothing. */
async function writeStacks(stacks: readonly (Series | RefusedSeries)[], settings: Settings) {
  const { out, key, signal } = settings;
  const total = stacks.reduce((sum, one) => sum + filesOf(one).length, 0);
  const progress = progressLine();
  const patients = new Set<string>();
  let [series, files, burnedIn, done] = [0, 0, 0, 0];
  try {
    for (const stack of stacks) {
      let inSeries = 0;
      for (const source of filesOf(stack)) {
        signal.throwIfAborted();
        const header = await readWholeHeader(source);
        progress({ stage: "deidentify", done: ++done, total });
        if (headerText(header, BURNED_IN_ANNOTATION) === "YES") {
          burnedIn++;
          continue;
        }
        const pseudonyms = pseudonymsOf(header, key);
        patients.add(pseudonyms.patientId);
        if (inSeries++ === 0) series++;
        const number = String(inSeries).padStart(4, "0");
        const name = `${pseudonyms.patientId}/series-${series}/${number}.dcm`;
        await writeFile(name, header, pseudonyms, `${stack.seriesInstanceUid} ${source.name}`, settings);
        files++;
      }
    }
    if (files === 0)
      throw new HounsfieldError("no-dicom", "no slice was left to be written", { got: burnedIn });
    out.publish();
  } finally {
    out.discard();
  }
  return { patients: patients.size, series, files, burnedIn };
}

/** In the order of the slices, each file once. */
function filesOf({ slices }: Series | RefusedSeries): ByteSource[] {
  return [...new Map(slices.map(({ source }) => [source.name, source])).values()];
}

/** Reads what it made before it is written. `place` is what a UID is made of where the file has none. */
async function writeFile(
  name: string,
  header: WholeHeader,
  pseudonyms: Pseudonyms,
  place: string,
  { out, options, table }: Settings,
): Promise<void> {
  const fallbackUid = pseudonyms.uid(place);
  const made = deidentifiedFile(header, { table, options, pseudonyms, fallbackUid });
  const bytes = header.transferSyntax === DEFLATED ? deflated(made) : made.bytes;
  const again = await readWholeHeader(bytesSource(name, bytes));
  checkDeidentified(again, table, options, pseudonyms.patientId);
  await out.write(name, [bytes]);
}

function deflated({
  bytes,
  dataSetAt,
}: {
  readonly bytes: Uint8Array;
  readonly dataSetAt: number;
}): Uint8Array {
  const packed = deflateRawSync(bytes.subarray(dataSetAt));
  return Buffer.concat([bytes.subarray(0, dataSetAt), packed, Buffer.alloc(packed.length % 2)]);
}

function summaryText(
  {
    patients,
    series,
    files,
    leftOut: { otherImages, noImages, broken, burnedIn },
  }: Readonly<Record<"patients" | "series" | "files", number>> & { readonly leftOut: LeftOut },
  out: string,
): string {
  const lines = [
    `${files} files of ${series} series of ${patients} patient${patients === 1 ? "" : "s"} in ${out}`,
    otherImages > 0 && `left out: ${otherImages} series of localizers, dose pages or captures`,
    noImages > 0 && `left out: ${noImages} files that are no images`,
    broken > 0 && `left out: ${broken} damaged files`,
    burnedIn > 0 && `left out: ${burnedIn} images that say that text is burned into them`,
  ];
  return `${lines.filter(Boolean).join("\n")}\n`;
}
