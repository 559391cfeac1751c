import { createHash } from "node:crypto";
import { Decoder } from "@cornerstonejs/jpeg-lossless-decoder-js";
import { describe, expect, test } from "vitest";
import type { StoredValues } from "../../src/decode/codecs/common/codec.js";
import { toHu } from "../../src/decode/codecs/common/hu.js";
import { createJpegLosslessCodec } from "../../src/decode/codecs/jpeg_lossless/jpeg_lossless.js";
import { firstDifference } from "../support/arrays.js";
import {
  corpusFile,
  corpusRows,
  hasData,
  patientSlices,
  readEncodedImage,
} from "../support/dicom_fragments.js";

function sha256(...parts: StoredValues[]): string {
  const hash = createHash("sha256");
  for (const { buffer, byteOffset, byteLength } of parts)
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest("hex");
}

const four = await createJpegLosslessCodec();
const serial = await createJpegLosslessCodec({ cursors: 1 });

describe.each([
  ["COVID-19 subjects", "P001", 148],
  ["Cap subjects", "cap001", 168],
])("%s %s", (group, patient, count) => {
  test.skipIf(!hasData).each([
    ["four cursors", four],
    ["serial", serial],
  ])("every slice is exact, %s (needs ../shared/data)", (_, codec) => {
    const slices = patientSlices(group, patient);
    expect(slices.length).toBe(count);
    const wrong = slices.filter(({ file, sha256: expected }) => {
      const { frames, frame, slope, intercept } = readEncodedImage(file);
      return sha256(codec.decodeHu!(frames[0], frame, { slope, intercept })) !== expected;
    });
    expect(wrong).toEqual([]);
  });
});

test.skipIf(!hasData)("fused HU equals stored values rescaled afterwards (needs ../shared/data)", () => {
  const { frames, frame } = readEncodedImage(patientSlices("COVID-19 subjects", "P001")[70].file);
  const stored = four.decode(frames[0], frame);
  for (const rescale of [
    { slope: 1, intercept: -1024 },
    { slope: -3, intercept: 7 },
    { slope: 0.5, intercept: -1024.25 },
  ]) {
    const fused = four.decodeHu!(frames[0], frame, rescale);
    expect(firstDifference(fused, toHu(stored, frame, rescale))).toBe(-1);
  }
});

test.skipIf(!hasData)(
  "stored values equal those of the decoder that viewers ship (needs ../shared/data)",
  () => {
    for (const { file } of patientSlices("Cap subjects", "cap001").filter((_, i) => i % 24 === 0)) {
      const { frames, frame } = readEncodedImage(file);
      const peer = new Uint16Array(
        new Decoder().decompress(frames[0].buffer as ArrayBuffer, 0, frames[0].length),
      );
      expect(firstDifference(four.decode(frames[0], frame), peer)).toBe(-1);
    }
  },
);

const rows = corpusRows().filter(
  (row) => row.expected === "decode" && /\.4\.(57|70)$/.test(row.transfer_syntax),
);

test.skipIf(!hasData)("the corpus holds JPEG Lossless (needs ../shared/data)", () => {
  expect(rows.length).toBeGreaterThanOrEqual(4);
});

test.skipIf(!hasData).each(rows.length > 0 ? rows : [{ file: "(no corpus)" }])(
  "corpus $file (needs ../shared/data)",
  (row) => {
    const { frames, frame } = readEncodedImage(corpusFile(row));
    expect(frames.length).toBe(Number(row.frames || 1));
    expect(sha256(...frames.map((bytes) => four.decode(bytes, frame)))).toBe(row.values_sha256);
    expect(sha256(...frames.map((bytes) => serial.decode(bytes, frame)))).toBe(row.values_sha256);
  },
);
