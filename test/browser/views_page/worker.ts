import { bytesSource, chooseSeries, createView, listSeries, loadVolume, openEngine } from "hounsfield";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";

/** A view in a worker: the canvas comes by message, and its picture's state goes back. */
addEventListener("message", async ({ data }: MessageEvent<{ canvas: OffscreenCanvas }>) => {
  const engine = await openEngine({ device: "gpu", software: "only", workers: 1 });
  const files = [...phantomSeries(chestPhantom({ size: [48, 48, 16] }))];
  const series = chooseSeries(
    (await listSeries(files.map(({ name, bytes }) => bytesSource(name, bytes)))).series,
  );
  const volume = await loadVolume(engine, series);
  const view = createView(data.canvas, volume, { projection: "mpr", window: "lung" });
  view.on("error", ({ error }) => postMessage({ error: String(error) }));
  view.resize(96, 80);
  await view.settled();
  const probe = await view.probe(48, 40);
  const { width, height } = data.canvas;
  view.destroy();
  volume.destroy();
  const leaked = engine.memory.snapshot();
  engine.destroy();
  postMessage({ width, height, hu: probe?.hu, leaked });
});
