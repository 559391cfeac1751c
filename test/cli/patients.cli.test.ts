import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseNpy } from "../../src/formats/npy.js";
import { hounsfield, readJson, sha256, temporaryFolder } from "../support/cli.js";
import { expectedBits, expectedOf, hasPatients, patientFolder, patients } from "../support/real_patients.js";

const processors = [["--device", "cpu"], ["--software"]];
const cases = patients.flatMap((patient) => processors.map((processor) => [patient, processor] as const));

describe.each(cases)("%s, from compressed DICOM to results, by %s", (patient, processor) => {
  test.skipIf(!hasPatients)("equals the stored references (needs ../shared/data)", async () => {
    const expected = expectedOf(patient);
    const out = temporaryFolder();
    const options = ["--window", "-1000,400", "--lungs", "threshold", "--mip", ...processor];
    const { code } = await hounsfield(["preprocess", patientFolder(patient), "--out", out, ...options]);
    expect(code).toBe(0);
    const values = (name: string) => parseNpy(readFileSync(join(out, `${name}.npy`))).data;
    const report = readJson(join(out, "report.json"));

    const hashes = ["volume", "mip-axial", "mip-coronal", "mip-sagittal"].map((name) => sha256(values(name)));
    const { axial, coronal, sagittal } = expected.mip;
    expect(hashes).toEqual([expected.hu.sha256, axial.sha256, coronal.sha256, sagittal.sha256]);

    const order = report.inputs.map(({ file }: { file: string }) => file);
    expect(order).toEqual(expected.slicesSorted.map(({ file }) => file));
    const [z, y, x] = expected.spacing_zyx_mm;
    expect(report.geometry.spacingXyzMm).toEqual([x, y, z]);
    expect(report.geometry.originXyzMm).toEqual(expected.origin_xyz_mm);
    expect(report.geometry.direction).toEqual(expected.direction);
    expect(report.ordering).toBe("slice-location");

    const windowed = values("windowed");
    let sum = 0;
    for (let i = 0; i < windowed.length; i++) sum += windowed[i];
    expect(Math.abs(sum / windowed.length - expected["window_-1000_400"].mean01)).toBeLessThan(1e-6);

    // Integers only: equal, not just Dice >= 0.9999.
    const lungs = values("lungs");
    const bits = expectedBits(expected.lung.basic.mask.file);
    let wrong = 0;
    for (let i = 0; i < lungs.length; i++) if (lungs[i] !== ((bits[i >> 3] >> (i & 7)) & 1)) wrong++;
    expect(wrong).toBe(0);
    expect(report.lungMl).toBeCloseTo(expected.lung.basic.ml, 2);
  });
});
