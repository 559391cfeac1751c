import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import { hounsfield, temporaryFolder } from "../support/cli.js";

// The phantom's files carry a window for slices, in which every maximum of a chest is white.
test.each(["axial", "coronal", "sagittal"])(
  "the %s maximum of a chest shows bones apart from what is soft",
  async (plane) => {
    const folder = temporaryFolder();
    await hounsfield(["phantom", "--out", join(folder, "dicom"), "--size", "96,96,48"]);
    const out = join(folder, "out");
    const run = await hounsfield([
      "preprocess",
      join(folder, "dicom"),
      "--out",
      out,
      "--mip",
      "--device",
      "cpu",
    ]);
    expect(run.code).toBe(0);
    const { data } = decode(readFileSync(join(out, `mip-${plane}.png`)));
    const share = (test: (gray: number) => boolean) => Array.from(data).filter(test).length / data.length;
    expect(share((gray) => gray > 250)).toBeLessThan(0.1);
    expect(share((gray) => gray > 120)).toBeGreaterThan(0.1);
    expect(share((gray) => gray < 100)).toBeGreaterThan(0.1);
  },
);
