import { expect } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import type { SliceHeader } from "../../src/dicom/image/slice_header.js";
import { CT_PIXELS, type CtFields, ctElements, ctSource, EXPLICIT, element, file } from "./dicom_file.js";
import { readSeries } from "./read_series.js";

/**
 * Slices 2 mm thick whose positions along z are `zs`; Slice Location equals them unless `fields` says
 * otherwise.
 */
export function slicesAt(
  zs: readonly number[],
  fields: (z: number, i: number) => CtFields = () => ({}),
): ByteSource[] {
  return zs.map((z, i) =>
    ctSource(`${(i * 7919) % 1000}-${i}.dcm`, {
      "0020,0032": `-10\\-20\\${z}`,
      "0020,1041": String(z),
      "0018,0050": "2",
      ...fields(z, i),
    }),
  );
}

export const FIVE = [30, 32, 34, 36, 38];

/** A slice at z whose first stored value is `first`. */
export function withPixels(name: string, z: number, first: number, fields: CtFields = {}): ByteSource {
  const position = { "0020,0032": `-10\\-20\\${z}`, "0020,1041": String(z), "0018,0050": "2" };
  const pixels = CT_PIXELS.map((byte, i) => (i === 0 ? first : byte));
  const elements = [...ctElements({ ...position, ...fields }), element("7fe0,0010", "OW", pixels)];
  return bytesSource(name, file({ transferSyntax: EXPLICIT, elements }));
}

export async function only(sources: readonly ByteSource[]) {
  const series = await readSeries(sources);
  expect(series).toHaveLength(1);
  return series[0];
}

export const zOf = (header: SliceHeader) => header.imagePositionPatient?.[2];
export const codesOf = (diagnostics: readonly { code: string }[]) =>
  diagnostics.map((diagnostic) => diagnostic.code);
