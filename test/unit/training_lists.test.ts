import { describe, expect, test } from "vitest";
import { checkRecipe } from "../../src/node/cohort/recipe.js";
import type { StudyReport } from "../../src/node/cohort/study_report.js";
import { monaiDatalist, nnunetDataset } from "../../src/node/cohort/training_lists.js";

const report = (study: string, change: Partial<StudyReport> = {}): StudyReport => ({
  hounsfield: "0",
  study,
  status: "done",
  recipe: "",
  outputs: [],
  ...change,
});

const diagnosed = (diagnosis: string, count: number) =>
  Array.from({ length: count }, (_, i) =>
    report(`${diagnosis}-${i}`, { labels: { diagnosis, version: "original" } }),
  );

interface Datalist {
  readonly training: readonly { readonly image: string; readonly label?: string; readonly fold: number }[];
  readonly testing: readonly unknown[];
}

const datalist = (reports: readonly StudyReport[], recipe: object): Datalist =>
  JSON.parse(monaiDatalist(reports, checkRecipe({ version: 1, lists: ["monai"], ...recipe })));

describe("MONAI's datalist", () => {
  test("names the image that is last written, in the format that has most of its geometry, and its labels", () => {
    const reports = [report("a"), report("b", { status: "refused" }), report("c", { status: "crashed" })];
    const cases = [
      [{}, { image: "a/volume.npy" }],
      [{ formats: ["npy", "nifti"] }, { image: "a/volume.nii.gz" }],
      [{ spacingMm: 1, formats: ["nii"] }, { image: "a/resampled.nii" }],
      [{ spacingMm: 1, window: { lowHu: 0, highHu: 1 }, formats: ["mha"] }, { image: "a/windowed.mha" }],
      [
        { lungs: "refined", formats: ["nrrd"] },
        { image: "a/volume.nrrd", label: "a/lungs.seg.nrrd" },
      ],
      [{ lungs: "refined", omit: ["lungs"] }, { image: "a/volume.npy" }],
    ] as const;
    for (const [recipe, pair] of cases)
      expect(datalist(reports, recipe)).toEqual({ training: [{ ...pair, fold: 0 }], testing: [] });
  });

  test("deals folds within each diagnosis, whatever the order of the studies", () => {
    const reports = [...diagnosed("COVID-19", 23), ...diagnosed("CAP", 11), ...diagnosed("Normal", 10)];
    const { training } = datalist(reports, {});
    for (const diagnosis of ["COVID-19", "CAP", "Normal"]) {
      const folds = training.filter(({ image }) => image.startsWith(diagnosis)).map(({ fold }) => fold);
      const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((one) => one === fold).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
    const backwards = datalist([...reports].reverse(), {}).training;
    expect([...backwards].sort((a, b) => (a.image < b.image ? -1 : 1))).toEqual(
      [...training].sort((a, b) => (a.image < b.image ? -1 : 1)),
    );
    expect(training.slice(0, 5).map(({ fold }) => fold)).not.toEqual([0, 1, 2, 3, 4]);
  });
});

describe("nnU-Net's dataset.json", () => {
  const recipe = checkRecipe({ version: 1, lungs: "refined", formats: ["nifti"], lists: ["nnunet"] });

  test("names HU, labels and files where they are, but for studies without lungs", () => {
    const none = { lungs: { verdict: "no-lungs" } } as unknown as Partial<StudyReport>;
    expect(JSON.parse(nnunetDataset([report("a"), report("b", none)], recipe))).toEqual({
      channel_names: { 0: "CT" },
      labels: { background: 0, right_lung: 1, left_lung: 2, airways: 3 },
      numTraining: 1,
      file_ending: ".nii.gz",
      dataset: { a: { images: ["a/volume.nii.gz"], label: "a/lungs.nii.gz" } },
    });
  });

  test("of plain lungs has one label", () => {
    const plain = checkRecipe({ ...recipe, lungs: "threshold", spacingMm: 1, formats: ["mha"] });
    const { labels, dataset } = JSON.parse(nnunetDataset([report("a")], plain));
    expect(labels).toEqual({ background: 0, lungs: 1 });
    expect(dataset.a.images).toEqual(["a/resampled.mha"]);
  });

  test.each([
    [{ lungs: undefined }, "beside lungs, which are its labels"],
    [{ omit: ["lungs"] }, "beside lungs, which are its labels"],
    [{ formats: ["npy"] }, 'beside formats of "nifti", "nii", "nrrd" or "mha"'],
    [{ formats: ["nrrd"] }, "one suffix for all"],
    [{ omit: ["volume"] }, "beside an array of values"],
    [{ omit: ["volume"], window: { lowHu: 0, highHu: 1 } }, "nnU-Net windows by itself"],
  ])("%o cannot have one, and the refusal says why", (change, reason) => {
    expect(() => checkRecipe({ ...recipe, ...change })).toThrow(reason);
  });
});
