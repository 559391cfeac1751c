import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { hashedInputs } from "../../src/node/cli/hashed_inputs.js";
import { ctElements, DEFLATED, EXPLICIT, element, file, joined } from "../support/dicom_file.js";

const at = (z: number) => ({ "0020,0032": `0\\0\\${z}`, "0020,1041": String(z) });

test.each<[string, (z: number) => Uint8Array]>([
  [
    "as they are",
    (z) =>
      file({
        transferSyntax: EXPLICIT,
        elements: [...ctElements(at(z)), element("7fe0,0010", "OW", new Uint8Array(12))],
      }),
  ],
  [
    "deflated",
    (z) =>
      file({
        transferSyntax: DEFLATED,
        elements: [
          deflateRawSync(joined([...ctElements(at(z)), element("7fe0,0010", "OW", new Uint8Array(12))])),
        ],
      }),
  ],
  [
    "of samples without gaps",
    (z) =>
      file({
        transferSyntax: EXPLICIT,
        elements: [
          ...ctElements({ ...at(z), "0028,0100": 12 }),
          element("7fe0,0010", "OW", new Uint8Array(10)),
        ],
      }),
  ],
])("size and SHA-256 of inputs are the files', %s", async (_, fileAt) => {
  const files = [1, 2, 3].map(fileAt);
  const { series } = await listSeries(files.map((bytes, i) => bytesSource(`${i}.dcm`, bytes)));
  const chosen = chooseSeries(series);
  const expected = files.map((bytes, i) => ({ file: `${i}.dcm`, bytes: bytes.length }));
  expect(await hashedInputs(chosen, { hashes: false }).inputs()).toEqual(expected);
  const hashed = hashedInputs(chosen, { hashes: true });
  // Pixels are read through it first, as loading does.
  for (const { source, pixelData } of hashed.series.slices)
    await source.read(pixelData.offset, pixelData.offset + pixelData.length);
  expect(await hashed.inputs()).toEqual(
    expected.map((one, i) => ({ ...one, sha256: createHash("sha256").update(files[i]).digest("hex") })),
  );
});
