import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import dicomParser from "dicom-parser";

/** Names of a folder's slices by ascending Slice Location: peers want them sorted by the application. */
export function sortedSlices(folder) {
  const locationOf = (name) => {
    const data = dicomParser.parseDicom(readFileSync(join(folder, name)), { untilTag: "x7fe00010" });
    return Number(data.floatString("x00201041"));
  };
  return readdirSync(folder)
    .filter((name) => name.endsWith(".dcm"))
    .map((name) => ({ name, location: locationOf(name) }))
    .sort((a, b) => a.location - b.location)
    .map(({ name }) => name);
}
