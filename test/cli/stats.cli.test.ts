import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hounsfield, temporaryFolder } from "../support/cli.js";
import { ctFile } from "../support/dicom_file.js";

const COVID_CT_MD = new URL("../../../shared/data/covid-ct-md/", import.meta.url).pathname;
const hasPatients = existsSync(COVID_CT_MD);

/** Three images of a patient, the first by name with the highest tube current. */
function patient(folder: string, age: string, sex: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [k, current] of [300, 100, 200].entries()) {
    const bytes = ctFile({
      "0010,0040": sex,
      "0010,1010": age,
      "0018,1151": String(current),
      "0018,1150": "500",
      "0018,9311": undefined,
      "0020,1041": String(k),
    });
    writeFileSync(join(folder, `${k}.dcm`), bytes);
  }
}

test("a data set without labels: both ways to count, a study that cannot be counted, exit 4", async () => {
  const home = temporaryFolder();
  patient(join(home, "CAP cases/cap001"), "070Y", "F");
  patient(join(home, "Normal/normal001"), "030Y", "M");
  mkdirSync(join(home, "Normal/normal002"), { recursive: true });
  writeFileSync(join(home, "Normal/normal002/x.dcm"), "no image");
  const out = join(home, "out");
  const { code, stdout, stderr } = await hounsfield(["stats", home, "--out", out, "--json"]);
  expect(code).toBe(4);
  expect(stderr).toContain("normal002: cannot be counted [");
  const { asPublished, perSlice, unreadable } = JSON.parse(stdout);
  expect(asPublished.patients.map(({ group }: { group: string }) => group)).toEqual([
    "Total",
    "CAP",
    "Normal",
  ]);
  expect(asPublished.patients[0].tubeCurrentMa.mean).toBe(300);
  expect(perSlice.patients[0]).toMatchObject({ patients: 2, male: 1, female: 1, images: 6 });
  expect(perSlice.patients[0].tubeCurrentMa.mean).toBe(200);
  expect(unreadable).toEqual([{ study: "normal002", code: expect.any(String) }]);
  expect(readdirSync(out).sort()).toEqual([
    ...["age.svg", "exposure.svg", "patients.csv", "patients.svg", "stats.json"],
  ]);
  expect((await hounsfield(["stats", join(home, "nowhere")])).code).toBe(1);
  expect((await hounsfield(["stats"])).code).toBe(2);
});

test.skipIf(!hasPatients)("COVID-CT-MD's patients and labels, as published and per slice", async () => {
  const out = join(temporaryFolder(), "stats");
  const { code, stdout } = await hounsfield(["stats", COVID_CT_MD, "--out", out]);
  expect(code).toBe(0);
  const { asPublished, perSlice } = JSON.parse(readFileSync(join(out, "stats.json"), "utf8"));
  const [, covid, cap] = asPublished.patients;
  // 242 mA and 96 mA, 600 ms, pitch 1.3 and 1.5: what the authors' script gives.
  expect(covid.effectiveMas.mean).toBeCloseTo(111.6923, 4);
  expect(cap.effectiveMas.mean).toBeCloseTo(38.4, 9);
  expect(perSlice.patients[0].tubeCurrentMa).toMatchObject({ patients: 2 });
  expect(perSlice.patients.map((line: typeof covid) => Math.round(line.tubeCurrentMa.max))).toEqual([
    151, 151, 75,
  ]);
  const infected = (tables: typeof perSlice) =>
    tables.labels.map((line: typeof covid) => line.infectedSlices);
  expect(infected(asPublished)).toEqual([4957, 3779, 1178]);
  expect(infected(perSlice)).toEqual([4993, 3815, 1178]);
  const lobes = (tables: typeof perSlice, i: number) => Object.values(tables.labels[i].infectedSlicesByLobe);
  expect(lobes(asPublished, 1)).toEqual([1669, 1120, 2008, 420, 826]);
  expect(lobes(asPublished, 2)).toEqual([374, 117, 519, 186, 208]);
  expect(lobes(perSlice, 1)).toEqual([1669, 1106, 2083, 406, 832]);
  expect(readdirSync(out).filter((name) => name.endsWith(".svg"))).toHaveLength(6);
  // Nothing of one patient: neither a folder's name nor what the headers have of identity.
  const written = readdirSync(out).map((name) => readFileSync(join(out, name), "utf8"));
  for (const text of [stdout, ...written])
    expect(text).not.toMatch(/P001|cap001|98C14734|2020\d{4}|2019\d{4}/);
});

test.skipIf(!hasPatients)("groups are known under any spelling, labels by --labels", async () => {
  const home = temporaryFolder();
  const from = join(COVID_CT_MD, "Cap subjects/cap001");
  const files = readdirSync(from).slice(0, 3);
  mkdirSync(join(home, "CAP/Cap-001"), { recursive: true });
  for (const file of files) cpSync(join(from, file), join(home, "CAP/Cap-001", file));
  const { stdout } = await hounsfield(["stats", home, "--labels", COVID_CT_MD, "--json"]);
  const { perSlice } = JSON.parse(stdout);
  expect(perSlice.patients[1]).toMatchObject({ group: "CAP", patients: 1, images: 3 });
  expect(perSlice.labels[2]).toMatchObject({ group: "CAP", labeledPatients: 25, patients: 1 });
});
