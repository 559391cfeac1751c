import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseIndexCsv } from "../../src/cohort/covid_ct_md/index_csv.js";
import { labelSlices } from "../../src/cohort/covid_ct_md/label_slices.js";
import { patientsInPath } from "../../src/cohort/covid_ct_md/patient_id.js";
import { type LabelVersion, LOBES, readCovidCtMdLabels } from "../../src/cohort/covid_ct_md/read_labels.js";
import { bytesSource } from "../../src/core/byte_source.js";
import type { Series } from "../../src/dicom/series/list_series.js";
import { npyHeader } from "../../src/formats/npy.js";
import { folderSources } from "../../src/node/sources.js";
import { type CtFields, ctSource, joined } from "../support/dicom_file.js";
import { readSeries } from "../support/read_series.js";

const data = join(import.meta.dirname, "../../../shared/data/covid-ct-md");
const hasData = existsSync(join(data, "expected"));
const folders = { P001: "COVID-19 subjects/P001", cap001: "Cap subjects/cap001" } as const;

const INDEX =
  "Label Index,Diagnosis,Relative Path,Folder/ID\r\n0,COVID-19,./COVID-19/,P001\r\n2,CAP,./CAP/,cap001";
const COLUMNS = 4;

const npy = (dtype: "|u1" | "<f8", shape: number[], values: Uint8Array | Float64Array) =>
  joined([npyHeader({ dtype, shape }), new Uint8Array(values.buffer)]);

/** Two patients; `marks` are [row, column, lobe]. */
function labelFiles(marks: readonly (readonly [number, number, number])[], index = INDEX) {
  const slices = new Uint8Array(2 * COLUMNS);
  const lobes = new Float64Array(2 * COLUMNS * 5);
  for (const [row, column, lobe] of marks) {
    slices[row * COLUMNS + column] = 1;
    lobes[(row * COLUMNS + column) * 5 + lobe] = 1;
  }
  return [
    bytesSource("labels/Index.csv", new TextEncoder().encode(index)),
    bytesSource("labels/Slice-level-labels-updated-1.npy", npy("|u1", [2, COLUMNS], slices)),
    bytesSource("labels/Lobe-level-labels-updated-1.npy", npy("<f8", [2, COLUMNS, 5], lobes)),
  ];
}

const labelsWith = (...marks: [number, number, number][]) => readCovidCtMdLabels(labelFiles(marks));

/** Slices at these locations; Instance Number counts from the head, as in the data set. */
async function seriesAt(
  zs: readonly number[],
  folder = "CAP subjects/cap001",
  fields?: CtFields,
): Promise<Series> {
  const descending = [...zs].sort((a, b) => b - a);
  const sources = zs.map((z, i) =>
    ctSource(`${folder}/IM${i}`, {
      "0020,0032": `0\\0\\${z}`,
      "0020,1041": String(z),
      "0020,0013": String(descending.indexOf(z) + 1),
      ...fields,
    }),
  );
  return (await readSeries(sources))[0];
}

describe("alignment", () => {
  test("column 0 is the highest Slice Location; the result is in the volume's order", async () => {
    const labels = await labelsWith([1, 0, 4], [1, 2, 0], [1, 2, 2]);
    const series = await seriesAt([14, 10, 12]);
    expect(labelSlices(labels, series)).toEqual({
      patient: "cap001",
      diagnosis: "CAP",
      version: "updated-1",
      row: 1,
      diagnostics: [],
      slices: [
        {
          file: "CAP subjects/cap001/IM1",
          sliceLocationMm: 10,
          infected: true,
          lobes: ["LLL", "RLL"],
          column: 2,
        },
        { file: "CAP subjects/cap001/IM2", sliceLocationMm: 12, infected: false, lobes: [], column: 1 },
        { file: "CAP subjects/cap001/IM0", sliceLocationMm: 14, infected: true, lobes: ["RUL"], column: 0 },
      ],
    });
  });

  test("labels follow Slice Location also where a series runs downward", async () => {
    const labels = await labelsWith([1, 0, 4]);
    const up = await seriesAt([10, 12, 14]);
    const down: Series = { ...up, slices: [...up.slices].reverse() };
    expect(labelSlices(labels, down).slices.map(({ infected }) => infected)).toEqual([true, false, false]);
    expect(labelSlices(labels, up).slices.map(({ infected }) => infected)).toEqual([false, false, true]);
  });

  test.each([
    "Cap subjects/cap001",
    "CAP subjects/cap001",
    "Cap Cases/Cap001",
    "CAP/CAP 001/1.2.3",
    "CAP-001.zip/export",
  ])("the patient of %s is cap001, whatever is above it", async (folder) => {
    const labels = await labelsWith([1, 1, 0]);
    const { patient, slices } = labelSlices(labels, await seriesAt([1, 2, 3], folder));
    expect([patient, ...slices.map(({ infected }) => infected)]).toEqual(["cap001", false, true, false]);
  });

  test("the patient may be given, by id or by a path", async () => {
    const labels = await labelsWith([0, 0, 1]);
    const bare = await seriesAt([1, 2], "x");
    for (const given of ["P001", "p001", "/data/COVID-19 subjects/P001/", "C:\\covid\\P001"])
      expect(labelSlices(labels, bare, given).patient).toBe("P001");
    expect(labelSlices(labels, await seriesAt([1, 2], "P001"), "/some/where").patient).toBe("P001");
  });

  test("an Instance Number that is not the column plus 1 is a diagnostic: slices at an end may be missing", async () => {
    const series = await seriesAt([1, 2, 3]);
    const thinned: Series = {
      ...series,
      slices: series.slices.slice(0, 2),
      grid: { ...series.grid, size: [3, 2, 2] },
    };
    const { diagnostics } = labelSlices(await labelsWith([1, 0, 0]), thinned);
    expect(diagnostics).toMatchObject([{ severity: "warning", code: "instance-numbers-disagree" }]);
    expect(diagnostics[0].message).toMatch(/in 2 of 2 slices .*number 3, column 1/);
  });
});

describe("refused", () => {
  const code = (of: string, message: RegExp) =>
    expect.objectContaining({ code: of, message: expect.stringMatching(message) });

  test("a label beyond the last slice", async () => {
    const labels = await labelsWith([1, 3, 0]);
    const series = await seriesAt([1, 2, 3]);
    expect(() => labelSlices(labels, series)).toThrow(
      code("labels-mismatch", /cap001: column 3 is labeled, but there are only 3 slices/),
    );
    expect(labelSlices(labels, await seriesAt([1, 2, 3, 4])).slices[0].infected).toBe(true);
  });

  test("more slices than columns", async () => {
    const series = await seriesAt([1, 2, 3, 4, 5]);
    await expect(labelsWith([1, 0, 0]).then((labels) => labelSlices(labels, series))).rejects.toThrow(
      code("labels-mismatch", /has 5 slices; the label arrays have 4 columns/),
    );
  });

  test("a patient without labels, none, or several", async () => {
    const labels = await labelsWith();
    const message = /no labels for patient "normal001"; 2 patients have labels: P001, cap001/;
    const normal = await seriesAt([1, 2], "Normal subjects/normal001");
    expect(() => labelSlices(labels, normal)).toThrow(code("unknown-patient", message));
    const bare = await seriesAt([1, 2], "x");
    expect(() => labelSlices(labels, bare)).toThrow(code("unknown-patient", /no folder of the slices/));
    expect(() => labelSlices(labels, bare, "nobody")).toThrow(code("unknown-patient", /"nobody"/));
    const named = await seriesAt([1, 2], "P001");
    expect(() => labelSlices(labels, named, "cap001")).toThrow(
      code("labels-mismatch", /several patients: p001, cap001/),
    );
  });

  test("a slice without Slice Location, two at one, and a volume with slices that were not measured", async () => {
    const labels = await labelsWith();
    const bare = await seriesAt([1, 2]);
    const without: Series = {
      ...bare,
      slices: bare.slices.map((one) => ({ ...one, sliceLocation: undefined })),
    };
    expect(() => labelSlices(labels, without)).toThrow(code("labels-mismatch", /IM0 has no Slice Location/));
    const equal: Series = { ...bare, slices: bare.slices.map((one) => ({ ...one, sliceLocation: 7 })) };
    expect(() => labelSlices(labels, equal)).toThrow(
      code("labels-mismatch", /same Slice Location as .*7 mm/),
    );
    const filled: Series = { ...bare, grid: { ...bare.grid, size: [3, 2, 3] } };
    expect(() => labelSlices(labels, filled)).toThrow(
      code("labels-mismatch", /3 slices made of 2 images, not one of each/),
    );
  });

  test("arrays that do not fit the index, or each other", async () => {
    const extra = `${INDEX}\r\n3,CAP,./CAP/,cap002\r\n`;
    await expect(readCovidCtMdLabels(labelFiles([], extra))).rejects.toThrow(
      code("labels-mismatch", /has 2 rows, but the index has 3 patients; row 2 of cap002 is out of range/),
    );
    const [index, slices, lobes] = labelFiles([[1, 1, 1]]);
    const [, other] = labelFiles([]);
    await expect(readCovidCtMdLabels([index, other, lobes])).rejects.toThrow(
      code("labels-mismatch", /labels column 1 of cap001 otherwise than the lobes/),
    );
    await expect(readCovidCtMdLabels([index, slices])).rejects.toThrow(
      code("labels-mismatch", /Lobe-level-labels-updated-1\.npy: is not among/),
    );
    const twos = bytesSource(slices.name, npy("|u1", [2, COLUMNS], new Uint8Array(2 * COLUMNS).fill(2)));
    await expect(readCovidCtMdLabels([index, twos, lobes])).rejects.toThrow(
      code("labels-mismatch", /holds the value 2/),
    );
    const flat = bytesSource(slices.name, npy("|u1", [8], new Uint8Array(8)));
    await expect(readCovidCtMdLabels([index, flat, lobes])).rejects.toThrow(
      code("labels-mismatch", /has the shape 8; expected patients x slices/),
    );
    const broken = bytesSource(slices.name, new Uint8Array(100));
    await expect(readCovidCtMdLabels([index, broken, lobes])).rejects.toMatchObject({
      code: "decode-failed",
      fields: { file: slices.name },
    });
  });

  test("an index that is another table, or names a patient twice", () => {
    expect(() => parseIndexCsv("a,b\n1,2", "Index.csv")).toThrow(
      code("labels-mismatch", /no column "Folder\/ID"/),
    );
    expect(() => parseIndexCsv("", "Index.csv")).toThrow(code("labels-mismatch", /no column/));
    expect(() => parseIndexCsv("Folder/ID\nP001\nP001\n", "Index.csv")).toThrow(
      code("labels-mismatch", /named before/),
    );
  });
});

test("the index is read by lines: CRLF, a byte order mark, quotes and blank lines do not move a row", () => {
  const text = '\uFEFF"Label Index",Diagnosis,"Folder/ID"\r\n42,COVID-19,P043\r\n\r\n44,COVID-19,"P044"\r\n';
  expect(parseIndexCsv(text, "Index.csv")).toEqual([
    { id: "P043", diagnosis: "COVID-19", row: 0 },
    { id: "P044", diagnosis: "COVID-19", row: 1 },
  ]);
  expect(patientsInPath("covid/P001/cap002/IM0001.dcm")).toEqual(["cap002", "P001"]);
});

describe.skipIf(!hasData)("the real labels (needs ../shared/data)", () => {
  const read = async (version: LabelVersion) => readCovidCtMdLabels(await labelSources(), { version });
  const labelSources = async () =>
    (await folderSources(data)).filter(({ name }) => !name.includes("subjects"));

  test("totals, rows and lobes of both versions", async () => {
    const sum = (values: Uint8Array) => values.reduce((total, value) => total + value, 0);
    const [original, updated] = [await read("original"), await read("updated-1")];
    expect([sum(original.slices), sum(updated.slices)]).toEqual([4957, 4993]);
    expect(updated.patients).toHaveLength(79);
    // Label Index skips 43: the row does not.
    const rowOf = (id: string) => updated.patients.find((one) => one.id === id)?.row;
    expect([rowOf("P001"), rowOf("P043"), rowOf("P044"), rowOf("cap001"), rowOf("cap025")]).toEqual([
      0, 42, 43, 54, 78,
    ]);
  });

  test.each(["P001", "cap001"] as const)(
    "%s: infected slices and lobes are the stored ones",
    async (patient) => {
      const expected = JSON.parse(readFileSync(join(data, "expected", `${patient}.json`), "utf8")).labels;
      const [series] = await readSeries(await folderSources(join(data, folders[patient])));
      const { row, slices, diagnostics } = labelSlices(
        await read("updated-1"),
        series,
        join(data, folders[patient]),
      );
      expect([row, diagnostics]).toEqual([expected.arrayRow, []]);
      const indices = (has: (slice: (typeof slices)[number]) => boolean) =>
        slices.flatMap((slice, k) => (has(slice) ? [k] : []));
      expect(indices(({ infected }) => infected)).toEqual(expected.infectedAscendingIndices);
      const columns = (lobe: (typeof LOBES)[number]) =>
        slices.flatMap((slice) => (slice.lobes.includes(lobe) ? [slice.column] : [])).reverse();
      for (const lobe of LOBES) expect(columns(lobe), lobe).toEqual(expected.lobes[lobe] ?? []);
      expect(slices.every(({ column }, k) => column === slices.length - 1 - k)).toBe(true);
    },
  );
});
