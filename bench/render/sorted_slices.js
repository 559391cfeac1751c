import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import dicomParser from "dicom-parser";

/**
 * Names of a folder's slices by ascending Slice Location, for peers want them sorted by the application, and
 * the spacing that they have.
 * @param {string} folder
 * @returns {{ names: string[], spacingMm: import("hounsfield").Vec3 }}
 */
export function sortedSlices(folder) {
  const headerOf = (/** @type {string} */ name) => {
    const data = dicomParser.parseDicom(readFileSync(join(folder, name)), { untilTag: "x7fe00010" });
    const [row, column] = [0, 1].map((i) => data.floatString("x00280030", i) ?? Number.NaN);
    return { name, location: data.floatString("x00201041") ?? Number.NaN, row, column };
  };
  const slices = readdirSync(folder)
    .filter((name) => name.endsWith(".dcm"))
    .map(headerOf)
    .sort((a, b) => a.location - b.location);
  const between = (slices[slices.length - 1].location - slices[0].location) / (slices.length - 1);
  return { names: slices.map(({ name }) => name), spacingMm: [slices[0].column, slices[0].row, between] };
}
