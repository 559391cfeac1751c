import { attachOrbitControls, createView, fileSources, openEngine, openVolume, readSeries } from "hounsfield";

const canvas = document.querySelector<HTMLCanvasElement>("#canvas")!;
const input = document.querySelector<HTMLInputElement>("#files")!;
const opening = openEngine({ device: "gpu", software: "fallback" });

input.onchange = async () => {
  const [series] = await readSeries(fileSources(input.files!));
  const { volume } = await openVolume(await opening, series);
  const view = createView(canvas, volume, { projection: "mip", window: "bone" });
  attachOrbitControls(view, canvas);
};
