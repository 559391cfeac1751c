import { describe, expect, test } from "vitest";
import { acquisitionParametersOf } from "../../src/dicom/series/acquisition.js";
import type { CtFields } from "../support/dicom_file.js";
import { positionsFrom, stackFiles } from "../support/generated_stack.js";
import { readSeries } from "../support/read_series.js";

async function parametersOf(fields: (k: number) => CtFields) {
  const files = stackFiles({ positions: positionsFrom([0, 0, 0], [0, 0, 2], 4), fields });
  const [series] = await readSeries(files);
  return acquisitionParametersOf(series.slices);
}

describe("acquisition parameters", () => {
  test("each with its unit; a modulated current as a range; what is not said is absent", async () => {
    const found = await parametersOf((k) => ({
      "0008,0070": "SIEMENS",
      "0008,1090": "Force",
      "0018,0060": "120",
      "0018,1150": "500",
      "0018,1151": String(100 + 10 * k),
      "0018,1152": k === 0 ? "" : "55",
      "0018,1210": "Br40d\\2",
      "0018,5100": "HFS",
    }));
    expect(found).toEqual({
      manufacturer: "SIEMENS",
      model: "Force",
      kvp: 120,
      tubeCurrentMa: { min: 100, mean: 115, max: 130 },
      exposureMas: { min: 55, mean: 55, max: 55 },
      exposureTimeMs: { min: 500, mean: 500, max: 500 },
      kernel: "Br40d\\2",
      sliceThicknessMm: 2,
      patientPosition: "HFS",
    });
    expect(await parametersOf(() => ({ "0018,0050": undefined }))).toEqual({});
  });

  test("exposure in microampere seconds is the finer one; what most slices say holds; texts that are no numbers do not count", async () => {
    const found = await parametersOf((k) => ({
      "0018,1152": "3",
      "0018,1153": "2750",
      "0018,1151": k === 1 ? "n/a" : "7",
      "0008,1090": k === 0 ? "A" : "B",
    }));
    expect(found.exposureMas).toEqual({ min: 2.75, mean: 2.75, max: 2.75 });
    expect(found.tubeCurrentMa).toEqual({ min: 7, mean: 7, max: 7 });
    expect(found.model).toBe("B");
  });
});
