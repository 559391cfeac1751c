import { expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { canGoByForLungs } from "../../src/recipes/lungs_streamed.js";

test("refined lungs go by for upright records that are HU themselves, and for no others", async () => {
  const files = [...phantomSeries(chestPhantom({ size: [33, 32, 4] }))];
  const sources = files.map(({ name, bytes }) => bytesSource(name, bytes));
  const series = chooseSeries((await listSeries(sources)).series);
  expect(canGoByForLungs(series)).toBe(true);
  const tenths = { slope: 0.1, intercept: -1024, units: "HU" };
  expect(canGoByForLungs({ ...series, values: tenths })).toBe(false);
  const { grid } = series;
  const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
  const tilted = { ...grid, direction: [cos, -sin, 0, sin, cos, 0, 0, 0, 1] };
  expect(canGoByForLungs({ ...series, grid: tilted })).toBe(true);
  // Prone, and slices that are no axial ones: these are turned first.
  for (const direction of [
    [-1, 0, 0, 0, -1, 0, 0, 0, 1],
    [1, 0, 0, 0, 0, 1, 0, -1, 0],
  ])
    expect(canGoByForLungs({ ...series, grid: { ...grid, direction } })).toBe(false);
});
