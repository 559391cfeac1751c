import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import { createHtj2kCodec } from "../../src/decode/codecs/jpeg_2000/htj2k.js";
import { createJpeg2000Codec } from "../../src/decode/codecs/jpeg_2000/jpeg_2000.js";
import {
  corpusFrames,
  differenceOf,
  lossyReference,
  rowsOf,
  valuesSha256,
} from "../support/dct_reference.js";
import { corpusManifest, hasCorpus } from "../support/dicom_data.js";
import { dataFolder } from "../support/dicom_fragments.js";

const rows = rowsOf(["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"]);
const codec = await createJpeg2000Codec();

async function decodeFile(file: string) {
  const { frames, frame } = await corpusFrames(file);
  return { values: frames.map((bytes) => codec.decode(bytes, frame)), frame };
}

async function refusalOf(file: string): Promise<string> {
  try {
    await decodeFile(file);
  } catch (error) {
    if (isHounsfieldError(error)) return error.code;
    throw error;
  }
  return "not refused";
}

describe.skipIf(!hasCorpus)("JPEG 2000 files of the corpus (needs ../shared/data)", () => {
  test.each(rows.filter((row) => row.expected === "decode"))("$file gives its hash", async (row) => {
    expect(valuesSha256((await decodeFile(row.file)).values)).toBe(row.values_sha256);
  });

  test.each(rows.filter((row) => row.expected.startsWith("decode (lossy")))(
    "$file is near what other decoders give",
    async ({ file }) => {
      const { values, frame } = await decodeFile(file);
      const { largest, mean } = differenceOf(values[0], lossyReference(file, frame)!);
      expect(largest).toBeLessThanOrEqual(2);
      expect(mean).toBeLessThan(0.1);
    },
  );

  test.each(rows.filter((row) => row.expected.startsWith("either")))(
    "$file gives its hash or is refused",
    async ({ file, values_sha256 }) => {
      const refusal = await refusalOf(file);
      if (refusal !== "not refused") expect(refusal).toMatch(/^(decode-failed|truncated|malformed-dicom)$/);
      else expect(valuesSha256((await decodeFile(file)).values)).toBe(values_sha256);
    },
  );
});

const streams = hasCorpus ? corpusManifest().filter((row) => row.file.startsWith("codestreams/")) : [];

describe.skipIf(!hasCorpus)("HTJ2K code streams of the corpus (needs ../shared/data)", () => {
  test.each(streams)("$file gives its hash, by either decoder", async (row) => {
    const bytes = new Uint8Array(readFileSync(path.join(dataFolder, "dicom-corpus", row.file)));
    const frame = {
      transferSyntax: "1.2.840.10008.1.2.4.201",
      rows: Number(row.rows),
      columns: Number(row.cols),
      samplesPerPixel: 1,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelRepresentation: row.pixel_representation === "1" ? (1 as const) : (0 as const),
    };
    const htj2k = await createHtj2kCodec();
    expect(valuesSha256([htj2k.decode(bytes, frame)])).toBe(row.values_sha256);
    expect(valuesSha256([codec.decode(bytes, frame)])).toBe(row.values_sha256);
  });

  test("a Part 1 stream is refused by the HTJ2K codec", async () => {
    const { frames, frame } = await corpusFrames("ts/ct-jpeg-90.dcm");
    const htj2k = await createHtj2kCodec();
    expect(() => htj2k.decode(frames[0], frame)).toThrow("JPEG 2000 Part 1, not High-Throughput");
  });
});
