// node main.js FOLDER: the series in a folder of DICOM files, its maximum projection from the front as
// front.png.
import { writeFile } from "node:fs/promises";
import {
  chooseSeries,
  folderSources,
  isHounsfieldError,
  listSeries,
  loadVolume,
  openEngine,
  projectMaximum,
} from "hounsfield";
import { encodeGrayPng } from "hounsfield/formats";

const [folder] = process.argv.slice(2);
const engine = await openEngine(); // the machine's GPU where it has one, else its CPU
try {
  const series = chooseSeries((await listSeries(await folderSources(folder))).series);
  const volume = await loadVolume(engine, series);
  const { hu, width, height, spacingMm } = await projectMaximum(volume, { plane: "coronal" });
  const window = { center: 300, width: 1500 };
  await writeFile("front.png", await encodeGrayPng(hu, window, { width, height, spacingMm, flipRows: true }));
  console.log(`${volume.grid.size.join(" x ")} voxels on ${engine.adapter.name}: front.png`);
  volume.destroy();
} catch (error) {
  if (!isHounsfieldError(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
} finally {
  engine.destroy();
}
