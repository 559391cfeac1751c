import { describe, expect, test } from "vitest";
import type { CovidCtMdLabels } from "../../src/cohort/covid_ct_md/read_labels.js";
import { dataSetStatistics } from "../../src/node/cohort/stats/data_set_statistics.js";
import { groupOf } from "../../src/node/cohort/stats/groups.js";
import { ageYears } from "../../src/node/cohort/stats/patient_table.js";
import type { Exposure, PatientFacts } from "../../src/node/cohort/stats/read_patients.js";
import { labelsCsv, patientsCsv } from "../../src/node/cohort/stats/stats_files.js";
import { quantile, summaryOf } from "../../src/node/cohort/stats/summary.js";

const exposure = (tubeCurrentMa: number, pitch?: number): Exposure => ({
  tubeCurrentMa,
  kvp: 110,
  exposureTimeMs: 600,
  pitch,
});

function patient(folder: string, fields: Partial<PatientFacts> = {}): PatientFacts {
  const slices = fields.slices ?? [exposure(242, 1.3), exposure(60, 1.3)];
  return {
    folder,
    group: groupOf(folder),
    sex: "M",
    age: "039Y",
    images: 4,
    first: slices[0],
    slices,
    ...fields,
  };
}

/** 2 patients of 6 columns: infected in their first slices, in the lobes of `lobes`. */
function labelsOf(version: CovidCtMdLabels["version"], infected: readonly number[]): CovidCtMdLabels {
  const columns = 6;
  const slices = new Uint8Array(2 * columns);
  const lobes = new Uint8Array(2 * columns * 5);
  infected.forEach((count, row) => {
    for (let k = 0; k < count; k++) {
      slices[row * columns + k] = 1;
      lobes[(row * columns + k) * 5 + row] = 1;
    }
  });
  const patients = [
    { id: "P001", diagnosis: "COVID-19", row: 0 },
    { id: "cap001", diagnosis: "CAP", row: 1 },
  ];
  return { version, patients, columns, slices, lobes };
}

describe("the two ways to count exposure", () => {
  const patients = [
    patient("P001"),
    patient("cap001", { age: "102Y", sex: "F", slices: [exposure(96), exposure(34)], images: 2 }),
  ];
  const { asPublished, perSlice } = dataSetStatistics(patients, undefined).statistics;

  test("as published: the first file, pitch from the others, two digits of the age", () => {
    const [total, covid, cap] = asPublished.patients;
    expect(covid.effectiveMas?.mean).toBeCloseTo((242 * 600) / 1000 / 1.3, 12);
    expect(cap.effectiveMas?.mean).toBeCloseTo((96 * 600) / 1000 / 1.3, 12);
    expect(cap.ageYears?.mean).toBe(2);
    expect(total).toMatchObject({ patients: 2, male: 1, female: 1, images: 6 });
    expect(total.tubeCurrentMa).toMatchObject({ min: 96, max: 242, mean: 169, standardDeviation: 73 });
  });

  test("per slice: means of the slices, no pitch where none is written, whole ages", () => {
    const [total, covid, cap] = perSlice.patients;
    expect(covid.tubeCurrentMa?.mean).toBe(151);
    expect(covid.effectiveMas?.mean).toBeCloseTo((151 * 600) / 1000 / 1.3, 12);
    expect(cap.effectiveMas).toBeUndefined();
    expect(cap.ageYears?.mean).toBe(102);
    expect(total.effectiveMas?.patients).toBe(1);
  });

  test("no labels: no tables of them; a column for what is not known stays empty", () => {
    expect([asPublished.labels, perSlice.labels]).toEqual([undefined, undefined]);
    const [head, ...rows] = patientsCsv({ asPublished, perSlice })
      .trim()
      .split("\n")
      .map((row) => row.split(","));
    expect(rows).toHaveLength(6);
    const at = head.indexOf("effective_mas_mean");
    expect(rows.find(([way, group]) => way === "per-slice" && group === "CAP")?.[at]).toBe("");
  });
});

test("labels: sums of all rows, ratios of the patients whose images are here", () => {
  const labels = { original: labelsOf("original", [3, 1]), updated: labelsOf("updated-1", [4, 1]) };
  const { statistics } = dataSetStatistics([patient("P001", { images: 5 }), patient("normal001")], labels);
  const [total, covid, cap] = statistics.perSlice.labels ?? [];
  expect(total).toMatchObject({ labeledPatients: 2, infectedSlices: 5, patients: 1, cleanSlices: 1 });
  expect(total.infectedSlicesByLobe).toEqual({ LLL: 4, LUL: 1, RLL: 0, RML: 0, RUL: 0 });
  expect(covid.infectionRatio).toMatchObject({ min: 0.8, max: 0.8 });
  expect(covid.meanRatioByLobe?.LLL).toBe(0.8);
  expect(cap).toMatchObject({ infectedSlices: 1, patients: 0, cleanSlices: 0 });
  expect(cap.infectionRatio).toBeUndefined();
  expect(statistics.asPublished.labels?.[0].infectedSlices).toBe(4);
  expect(labelsCsv(statistics).split("\n")[0]).toContain("infected_slices_LLL");
});

test.each([
  ["Cap subjects/cap001", "CAP"],
  ["CAP/x", "CAP"],
  ["COVID-19 subjects/P001", "COVID-19"],
  ["covid cases/a/b.zip", "COVID-19"],
  ["P113.zip", "COVID-19"],
  ["Normal Cases/normal012", "Normal"],
  // The innermost folder that tells of one.
  ["COVID-CT-MD/Normal/x", "Normal"],
  ["patients/P1x", "Other"],
  ["study/1", "Other"],
])("%s is of %s", (key, group) => expect(groupOf(key)).toBe(group));

test("ages of every unit; none of what is no Age String", () => {
  expect(ageYears("057Y")).toBe(57);
  expect(ageYears("018M")).toBeCloseTo(1.5, 12);
  expect(ageYears("004W")).toBeCloseTo(28 / 365.2425, 12);
  for (const text of [undefined, "", "57", "Y", "1234Y", "-05Y"]) expect(ageYears(text)).toBeUndefined();
});

test("summaries and quantiles are numpy's", () => {
  expect(summaryOf([1, 2, undefined, 4])).toMatchObject({ patients: 3, min: 1, max: 4, mean: 7 / 3 });
  expect(summaryOf([1, 2, 4])?.standardDeviation).toBeCloseTo(1.247219128924647, 12);
  expect(summaryOf([undefined, Number.NaN])).toBeUndefined();
  expect([0, 0.25, 0.5, 1].map((share) => quantile([1, 2, 4, 10], share))).toEqual([1, 1.75, 3, 10]);
});
