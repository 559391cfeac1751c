import { attachOrbitControls, createView, fileSources, loadVolume, openEngine, readSeries } from "hounsfield";

const canvas = document.querySelector<HTMLCanvasElement>("#canvas")!;
const input = document.querySelector<HTMLInputElement>("#files")!;
const engine = await openEngine({ device: "gpu", software: "fallback" });

input.onchange = async () => {
  const [series] = await readSeries(fileSources(input.files!));
  const volume = await loadVolume(engine, series);
  const view = createView(canvas, volume, { projection: "mip", window: "bone" });
  attachOrbitControls(view, canvas);
  await view.settled();
  canvas.ariaBusy = "false";
};
