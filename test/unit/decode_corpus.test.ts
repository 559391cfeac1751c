import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { FrameDescription } from "../../src/core/frame.js";
import type { StoredValues } from "../../src/decode/codecs/common/codec.js";
import { createInProcessDecoder, decodeInProcess } from "../support/decode_in_process.js";
import { corpusFile, corpusManifest, corpusPath, hasCorpus, sha256 } from "../support/dicom_data.js";
import { joined } from "../support/dicom_file.js";

// Every file of the corpus gives what its row of the manifest says, by the rules of the corpus' README.

type Row = Readonly<Record<string, string>>;

const decode = createInProcessDecoder();
const rows: readonly Row[] = hasCorpus ? corpusManifest() : [];
const decodes = rows.filter(({ expected }) => expected === "decode");
const lossy = rows.filter(({ expected }) => expected === "decode (lossy: compare within tolerance)");
const lossyOrRefused = rows.filter(({ expected }) => /^decode \(lossy.* or a clear error/.test(expected));
const decodesOrRefused = rows.filter(({ expected }) => expected === "either this hash or a clear error");
const unsupported = rows.filter(({ expected }) => expected.startsWith("unsupported"));
/**
 * Delimiters that are missing or too many beside pixel data that are whole: read since, by rule and with a
 * diagnostic (docs/sources.md).
 */
const WHOLE_ALL_THE_SAME = /TC0277_missing_delim|TC0279_stray_seq_delim|lossless_too_short/;
const [readable, rejected] = [true, false].map((isWhole) =>
  rows.filter(
    ({ file, expected }) =>
      expected.startsWith("must be rejected") && WHOLE_ALL_THE_SAME.test(file) === isWhole,
  ),
);
const references = rows.filter(({ expected }) => expected === "reference");

test.skipIf(!hasCorpus)("every row of the manifest has its rule here (needs ../shared/data)", () => {
  const known = [
    decodes,
    lossy,
    lossyOrRefused,
    decodesOrRefused,
    unsupported,
    readable,
    rejected,
    references,
  ].flat();
  expect(rows.filter((row) => !known.includes(row))).toEqual([]);
  expect(known).toHaveLength(rows.length);
  expect(decodes.length).toBeGreaterThan(200);
});

for (const row of decodes) {
  test(`${row.file}: the manifest's hash`, async () => {
    const frames = await decodeRow(row);
    expectStatistics(frames, row);
    expect(hashOf(frames)).toBe(row.values_sha256);
  });
}

for (const row of lossy) {
  test(`${row.file}: within the tolerance of lossy decoding`, async () =>
    expectNear(await decodeRow(row), row));
}

for (const row of lossyOrRefused) {
  test(`${row.file}: within the tolerance of lossy decoding, or refused`, async () => {
    const outcome = await valuesOrRefusal(row);
    if (Array.isArray(outcome)) expectNear(outcome, row);
  });
}

for (const row of [...decodesOrRefused, ...unsupported]) {
  test(`${row.file}: the manifest's hash, or refused`, async () => {
    const outcome = await valuesOrRefusal(row);
    if (Array.isArray(outcome)) expect(hashOf(outcome)).toBe(row.values_sha256);
  });
}

for (const row of readable) {
  test(`${row.file}: all values of its pixel data`, async () => {
    const [values] = await decodeRow(row);
    expect(values).toHaveLength(64 * 64);
  });
}

for (const row of rejected) {
  test(`${row.file}: refused, naming file and reason`, async () => {
    expect(await valuesOrRefusal(row)).not.toBeInstanceOf(Array);
  });
}

function decodeRow(row: Row): Promise<StoredValues[]> {
  return row.file.startsWith("codestreams/")
    ? bareStream(row)
    : decodeInProcess(corpusFile(row.file), decode);
}

/** A code stream without a DICOM file around it: what a header would say is in the manifest. */
async function bareStream(row: Row): Promise<StoredValues[]> {
  const bitsStored = Number(row.bits_stored);
  const frame: FrameDescription = {
    transferSyntax: row.transfer_syntax.split(" ")[0],
    rows: Number(row.rows),
    columns: Number(row.cols),
    samplesPerPixel: 1,
    bitsAllocated: Number(row.bits_allocated),
    bitsStored,
    highBit: bitsStored - 1,
    pixelRepresentation: row.pixel_representation === "1" ? 1 : 0,
  };
  return [await decode(new Uint8Array(readFileSync(corpusPath(row.file))), frame, row.file)];
}

/**
 * The values, or undefined after a refusal as the rules want it: tagged, of one line, naming the file. Any
 * other error fails the test.
 */
async function valuesOrRefusal(row: Row): Promise<StoredValues[] | undefined> {
  try {
    return await decodeRow(row);
  } catch (error) {
    if (!isHounsfieldError(error) || error.code === "internal") throw error;
    expect(error.message).toMatch(/\S/);
    expect(error.message).not.toContain("\n");
    return undefined;
  }
}

function bytesOf(frames: readonly StoredValues[]): Uint8Array {
  return joined(frames.map((values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
}

function hashOf(frames: readonly StoredValues[]): string {
  return sha256(bytesOf(frames));
}

/** Says more than a hash where values are wrong. The bare code streams have no statistics in the manifest. */
function expectStatistics(frames: readonly StoredValues[], row: Row): void {
  if (row.min === "") return;
  let [min, max, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const values of frames) {
    for (const value of values) {
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
    }
    count += values.length;
  }
  expect([min, max]).toEqual([Number(row.min), Number(row.max)]);
  // The manifest's has four decimals.
  expect(Math.abs(sum / count - Number(row.mean))).toBeLessThan(0.00006);
}

/**
 * The README's tolerance: largest difference 2, mean absolute difference below 0.1 of a gray level, 0.25 for
 * 8 bits.
 */
function expectNear(frames: readonly StoredValues[], row: Row): void {
  const reference = references.find(({ file }) => file.includes(`/${row.file.replace("/", "_")}.raw`))!;
  const raw = new Uint8Array(gunzipSync(readFileSync(corpusPath(reference.file))));
  const values = frames[0];
  const wanted = new (values.constructor as new (buffer: ArrayBuffer) => StoredValues)(raw.buffer);
  expect([frames.length, wanted.length]).toEqual([1, values.length]);
  let largest = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = Math.abs(values[i] - wanted[i]);
    largest = Math.max(largest, difference);
    sum += difference;
  }
  expect(largest).toBeLessThanOrEqual(2);
  expect(sum / values.length).toBeLessThan(row.bits_allocated === "8" ? 0.25 : 0.1);
}
