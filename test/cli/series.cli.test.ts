import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { parseNpy } from "../../src/formats/npy.js";
import { hounsfield, readJson, temporaryFolder } from "../support/cli.js";
import { positionsFrom, stackFiles } from "../support/generated_stack.js";

async function folderOf(sources: readonly ByteSource[]): Promise<string> {
  const folder = temporaryFolder();
  for (const { name, size, read } of sources) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), await read(0, size));
  }
  return folder;
}

const preprocess = (study: string, out: string, ...more: string[]) =>
  hounsfield(["preprocess", study, "--out", out, "--software", "--json", ...more]);

describe("preprocess and the geometry of series", () => {
  test("a gap: refused with what would allow it; allowed, and the report says which slices are made up", async () => {
    const positions = positionsFrom([0, 0, 0], [0, 0, 2], 6).filter((_, k) => k !== 3);
    const study = await folderOf(
      stackFiles({ positions, hu: ([, , z]) => 10 * z, name: (k) => `s${k}.dcm` }),
    );
    const out = join(temporaryFolder(), "out");
    const refused = await preprocess(study, out);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout).error).toMatchObject({ code: "unfaithful-geometry", allow: ["gaps"] });
    expect(refused.stderr).toMatch(
      /s3\.dcm: lies 4 mm from s2\.dcm .*1 slice is missing; --allow gaps .*\[unfaithful-geometry\]/,
    );

    expect((await preprocess(study, out, "--allow", "gaps,tilt")).code).toBe(0);
    const report = readJson(join(out, "report.json"));
    expect(report.geometry).toMatchObject({ sizeXyz: [8, 6, 6], spacingXyzMm: [0.5, 0.75, 2] });
    expect(report.resampling).toMatchObject({ allowed: ["gaps"], outsideField: -1024 });
    expect(report.resampling.slices.map(({ measured }: { measured: boolean }) => measured)).toEqual(
      [0, 1, 2, 3, 4, 5].map((z) => z !== 3),
    );
    expect(report.resampling.slices[3]).toMatchObject({ from: ["s2.dcm", "s3.dcm"], weightOfLast: 0.5 });
    expect(report.diagnostics.map(({ code }: { code: string }) => code)).toEqual([
      "slice-location-missing",
      "resampled-gaps",
    ]);
    expect(report.inputs).toHaveLength(5);
    const { shape, data } = parseNpy(readFileSync(join(out, "volume.npy")));
    expect(shape).toEqual([6, 6, 8]);
    expect([0, 1, 2, 3, 4, 5].map((z) => data[z * 48])).toEqual([0, 20, 40, 60, 80, 100]);
  });

  test("several volumes of one series: which there are, how to choose, the one chosen", async () => {
    const time = (n: number) =>
      stackFiles({
        positions: positionsFrom([0, 0, 0], [0, 0, 2], 3),
        hu: () => 100 * n,
        name: (k) => `${n}${k}`,
        fields: () => ({ "0020,0100": String(n) }),
      });
    const study = await folderOf([...time(1), ...time(2)]);
    const out = join(temporaryFolder(), "out");
    const { code, stderr } = await preprocess(study, out);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /2 series .*1: CT "Chest", temporal position 1, .*2: .*temporal position 2, .*--series UID or NUMBER/,
    );
    expect((await preprocess(study, out, "--series", "2")).code).toBe(0);
    expect(readJson(join(out, "report.json")).series).toMatchObject({
      part: "temporal position 2",
      units: "HU",
      slices: 3,
    });
    expect(parseNpy(readFileSync(join(out, "volume.npy"))).data[0]).toBe(200);
  });

  test("--allow of something else is wrong usage", async () => {
    const { code, stderr } = await hounsfield(["preprocess", "a", "--out", "b", "--allow", "gaps,bend"]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--allow takes irregular, gaps, tilt/)]);
  });
});
