import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { hounsfield, readJson, sha256, temporaryFolder } from "../support/cli.js";
import { seededRandom } from "../support/random.js";

// A data set of six studies: four good ones, one with a gap, one folder with a damaged slice.

let home: string;
let dataSet: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "hounsfield-cohort-"));
  dataSet = join(home, "data");
  for (let i = 1; i <= 6; i++) {
    const folder = join(dataSet, i % 2 === 0 ? "CAP" : "Doe, John", `p${i}`, "CT 1");
    mkdirSync(folder, { recursive: true });
    const chest = chestPhantom({ size: [20, 20, 8 + i], seed: i, noiseHu: 10 });
    let k = 0;
    for (const { name, bytes } of phantomSeries(chest)) {
      const isGap = i === 5 && k++ === 4;
      if (!isGap) writeFileSync(join(folder, name), i === 6 && k++ === 2 ? bytes.subarray(0, 900) : bytes);
    }
  }
  writeFileSync(join(dataSet, "labels.csv"), "nothing,of,ours\n");
  // Above studies, and no study.
  writeFileSync(join(dataSet, "LICENSE"), "do what you like\n");
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const recipe = { version: 1, spacingMm: 20, window: { lowHu: -1000, highHu: 400 }, omit: ["volume"] };

function recipeFile(folder: string, given: object = recipe): string {
  const file = join(folder, "recipe.json");
  writeFileSync(file, JSON.stringify(given));
  return file;
}

/** Every file of a cohort's folder but its times, by hash. */
function hashesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const named = files.map((entry) => join(entry.parentPath, entry.name));
  const kept = named.filter((path) => !/timings\.csv$|[/\\]\.[^/\\]+[/\\]/.test(path)).sort();
  return Object.fromEntries(kept.map((path) => [path.slice(folder.length), sha256(readFileSync(path))]));
}

test("every study has its arrays, its row and its reason; any number of workers, shards and runs gives the same bytes", async () => {
  const folder = temporaryFolder();
  const given = ["--recipe", recipeFile(folder)];
  const one = join(folder, "one");
  const run = await hounsfield(["cohort", dataSet, "--out", one, "--workers", "1", ...given]);
  expect(run.stderr).toMatch(/study-0003: refused \[truncated\]/);
  expect(run.stdout).toMatch(/study-0006 +refused +unfaithful-geometry +"allow": \["gaps"\]/);
  expect(run.stdout).toMatch(/4 of 6 studies done, 2 refused, 0 crashed; 0 were there before/);
  expect(run.code).toBe(4);
  const rows = readFileSync(join(one, "studies.csv"), "utf8").trim().split("\n");
  expect(rows.map((row) => row.split(",").slice(0, 4).join(" "))).toEqual([
    "study status error allow",
    "study-0001 done  ",
    "study-0002 done  ",
    "study-0003 refused truncated ",
    "study-0004 done  ",
    "study-0005 done  ",
    "study-0006 refused unfaithful-geometry gaps",
  ]);
  expect(readdirSync(join(one, "study-0002")).sort()).toEqual([
    "report.json",
    "resampled.npy",
    "windowed.npy",
  ]);
  const slices = readFileSync(join(one, "slices.csv"), "utf8").trim().split("\n");
  expect(slices.filter((row) => row.startsWith("study-0001,resampled,")).length).toBe(
    readJson(join(one, "study-0001/report.json")).resampledGeometry.sizeXyz[2],
  );

  const two = join(folder, "two");
  await hounsfield(["cohort", dataSet, "--out", two, "--workers", "3", ...given]);
  expect(hashesOf(two)).toEqual(hashesOf(one));

  const sharded = join(folder, "sharded");
  for (const shard of ["1/2", "2/2"])
    await hounsfield(["cohort", dataSet, "--out", sharded, "--shard", shard, ...given]);
  expect((await hounsfield(["merge", sharded, ...given])).code).toBe(4);
  expect(hashesOf(sharded)).toEqual(hashesOf(one));
});

test("nothing that was written or printed names a patient, a folder or a file of the data set", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "out");
  const run = await hounsfield(["cohort", dataSet, "--out", out, "--recipe", recipeFile(folder)]);
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !/\.npy$/.test(entry.name),
  );
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  const all = [run.stdout, run.stderr, ...texts].join("\n").replaceAll(out, "");
  const names = readdirSync(dataSet, { recursive: true, encoding: "utf8" }).map(
    (name) => name.split("/").at(-1)!,
  );
  expect(texts.length).toBeGreaterThan(10);
  const identifying = [
    "Doe",
    "CT 1",
    "Phantom",
    "1.2.826",
    "2.25.",
    ...names.filter((name) => name.length > 3),
  ];
  expect(identifying.filter((name) => all.includes(name))).toEqual([]);
});

test("a second run does what changed, and says so; verify finds what is not as it was written", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "out");
  const args = ["cohort", dataSet, "--out", out, "--json", "--recipe"];
  await hounsfield([...args, recipeFile(folder)]);
  const before = hashesOf(out);
  expect((await hounsfield(["verify", out])).code).toBe(0);

  const resampled = join(out, "study-0002/resampled.npy");
  const bytes = readFileSync(resampled);
  writeFileSync(resampled, bytes.with(bytes.length - 1, bytes[bytes.length - 1] ^ 1));
  writeFileSync(join(out, "study-0004/lungs.npy"), "of an older recipe");
  rmSync(join(out, "study-0005/windowed.npy"));
  const found = await hounsfield(["verify", out]);
  expect(found.code).toBe(1);
  expect(found.stdout.trim().split("\n").sort()).toEqual([
    expect.stringMatching(/^\d+ files, 3 wrong$/),
    "study-0002/resampled.npy: another content than was written",
    "study-0004/lungs.npy: in no report",
    "study-0005/windowed.npy: missing",
  ]);

  // What is missing is made again; what is of the right size is believed, which verify is for.
  rmSync(resampled);
  rmSync(join(out, "study-0004/lungs.npy"));
  const again = await hounsfield([...args, recipeFile(folder)]);
  expect(JSON.parse(again.stdout)).toEqual({ studies: 6, done: 4, refused: 2, crashed: 0, earlier: 4 });
  expect(hashesOf(out)).toEqual(before);
  const other = recipeFile(folder, { ...recipe, spacingMm: 25 });
  expect(JSON.parse((await hounsfield([...args, other])).stdout)).toMatchObject({ earlier: 0 });
  // Order and name of a recipe's keys make no other recipe.
  const { spacingMm: _, ...rest } = recipe;
  const same = recipeFile(folder, { name: "mine", ...rest, spacingMm: 25 });
  expect(JSON.parse((await hounsfield([...args, same])).stdout)).toMatchObject({ earlier: 6 });
});

test.each([
  [{ version: 1, spacing: 1 }, /unknown option "spacing"; did you mean "spacingMm"\?/],
  [{ version: 2 }, /version is 2/],
  [{ version: 1, window: { lowHu: 0 } }, /highHu/],
  [{ version: 1, allow: ["gap"] }, /allow/],
])("the recipe %j is refused by what is wrong with it", async (given, line) => {
  const folder = temporaryFolder();
  const run = await hounsfield([
    "cohort",
    dataSet,
    "--out",
    join(folder, "out"),
    "--recipe",
    recipeFile(folder, given),
  ]);
  expect([run.code, run.stderr]).toEqual([2, expect.stringMatching(line)]);
  expect(readdirSync(folder)).toEqual(["recipe.json"]);
});

test.skipIf(process.platform !== "linux")(
  "runs and workers that are killed at any moment leave what an undisturbed run leaves",
  async () => {
    const folder = temporaryFolder();
    const given = ["--recipe", recipeFile(folder), "--workers", "2"];
    const undisturbed = join(folder, "undisturbed");
    await hounsfield(["cohort", dataSet, "--out", undisturbed, ...given]);

    const out = join(folder, "out");
    const random = seededRandom(7);
    let kills = 0;
    for (let turn = 0; turn < 12; turn++) {
      const whole = turn % 2 === 0;
      let timer: NodeJS.Timeout | undefined;
      await hounsfield(["cohort", dataSet, "--out", out, ...given], {
        onStart(child) {
          timer = setTimeout(
            () => {
              const killed = whole ? [child.pid!] : workersOf(child.pid!);
              for (const pid of killed) process.kill(pid, "SIGKILL");
              kills += killed.length;
            },
            250 + random() * 900,
          );
        },
      });
      clearTimeout(timer);
      // As if an output had been lost, so that there is something to do in every turn.
      rmSync(join(out, `study-000${1 + (turn % 2)}/resampled.npy`), { force: true });
    }
    expect(kills).toBeGreaterThan(3);
    const last = await hounsfield(["cohort", dataSet, "--out", out, ...given]);
    expect(last.code).toBe(4);
    expect(hashesOf(out)).toEqual(hashesOf(undisturbed));
    expect(
      readdirSync(out, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".partial")),
    ).toEqual([]);
  },
);

/** Its children, which are its workers. */
function workersOf(pid: number): number[] {
  try {
    const said = execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
    return said.trim().split("\n").map(Number);
  } catch {
    return [];
  }
}

test("slices as pictures, a crop and lists for trainers: rows and lists are of the files that there are", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "out");
  const given = {
    version: 1,
    lungs: "threshold",
    crop: { marginMm: 0 },
    slices: { sizePx: 16, scale: "slice", order: "descending", masked: true },
    formats: ["nii"],
    lists: ["monai", "nnunet"],
  };
  const run = await hounsfield(["cohort", dataSet, "--out", out, "--recipe", recipeFile(folder, given)]);
  expect(run.code).toBe(4);
  const { training } = readJson(join(out, "datalist.json"));
  const { dataset, numTraining } = readJson(join(out, "dataset.json"));
  expect(training.length).toBe(4);
  expect(numTraining).toBe(4);
  const named = [...training, ...Object.values<{ images: string[]; label: string }>(dataset)];
  for (const { image, images, label } of named)
    for (const file of [label, image, ...(images ?? [])].filter((one) => one !== undefined))
      expect(existsSync(join(out, file)), file).toBe(true);
  // Cropped slices lie where the uncropped did; pictures go from the head down.
  const rows = readFileSync(join(out, "slices.csv"), "utf8")
    .trim()
    .split("\n")
    .map((row) => row.split(","));
  const pictures = rows.filter(([study, output]) => study === "study-0001" && output === "slices");
  const cropped = rows.filter(([study, output]) => study === "study-0001" && output === "volume");
  expect(pictures.length).toBe(readJson(join(out, "study-0001/report.json")).series.images);
  expect(cropped.length).toBeLessThan(pictures.length);
  const locations = pictures.map((row) => Number(row[3]));
  expect(locations).toEqual([...locations].sort((a, b) => b - a));
  const imageAt = new Map(pictures.map((row) => [row[3], row[4]]));
  for (const row of cropped) expect(imageAt.get(row[3])).toBe(row[4]);
  expect((await hounsfield(["verify", out])).stdout).toMatch(/, 0 wrong/);
});
