import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createJpegLosslessCodec } from "../../src/decode/codecs/jpeg_lossless/jpeg_lossless.js";
import { createJpegLsCodec } from "../../src/decode/codecs/jpeg_ls/jpeg_ls.js";
import { firstDifference } from "../support/arrays.js";
import { openCharls } from "../support/charls.js";
import {
  corpusFile,
  corpusRows,
  hasData,
  patientSlices,
  readEncodedImage,
} from "../support/dicom_fragments.js";

const codec = await createJpegLsCodec();

const rows = corpusRows().filter(
  (row) => row.expected === "decode" && /\.4\.8[01]$/.test(row.transfer_syntax),
);

test.skipIf(!hasData)("the corpus holds JPEG-LS (needs ../shared/data)", () => {
  expect(rows.length).toBeGreaterThanOrEqual(7);
});

test.skipIf(!hasData).each(rows.length > 0 ? rows : [{ file: "(no corpus)" }])(
  "corpus $file (needs ../shared/data)",
  (row) => {
    const { frames, frame } = readEncodedImage(corpusFile(row));
    expect(frames.length).toBe(Number(row.frames || 1));
    const hash = createHash("sha256");
    for (const bytes of frames) {
      const values = codec.decode(bytes, frame);
      hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
    expect(hash.digest("hex")).toBe(row.values_sha256);
  },
);

describe.skipIf(!hasData)("real slices, encoded anew (needs ../shared/data)", () => {
  test.each([0, 1, 2, 3])("NEAR %i", async (near) => {
    const charls = await openCharls();
    const lossless = await createJpegLosslessCodec();
    const slices = ["P001", "cap001"].flatMap((patient) =>
      patientSlices(patient === "P001" ? "COVID-19 subjects" : "Cap subjects", patient).filter(
        (_, i) => i % 24 === 5,
      ),
    );
    expect(slices.length).toBeGreaterThan(10);
    for (const { file } of slices) {
      const { frames, frame } = readEncodedImage(file);
      const stored = lossless.decode(frames[0], frame);
      const { rows: lines, columns } = frame;
      for (const precision of [12, 16]) {
        if (stored.some((value) => value >= 2 ** precision)) continue;
        const bytes = charls.encode(stored, lines, columns, precision, near);
        const values = codec.decode(bytes, frame);
        const expected = near === 0 ? stored : charls.decode(bytes);
        expect(firstDifference(values, expected), `${file} ${precision} bits`).toBe(-1);
      }
    }
  });
});
