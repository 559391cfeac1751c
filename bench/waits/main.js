// Measures the library as built, in the page.
window.measureWaits = async (urls, seconds) => {
  const built = "/dist/standalone/hounsfield.js";
  const library = /** @type {typeof import("hounsfield")} */ (await import(built));
  const files = await Promise.all(
    urls.map(async (url) => library.bytesSource(url, new Uint8Array(await (await fetch(url)).arrayBuffer()))),
  );
  const engine = await library.openEngine({ device: "gpu", software: "fallback" });
  const counts = countCalls(engine.device);
  const series = library.chooseSeries((await library.listSeries(files)).series);
  const volume = await library.loadVolume(engine, series);
  const idleMs = await timed(() => engine.idle());
  const lungsMs = [];
  /** @type {Record<string, number>} */
  let calls = {};
  for (let run = 0; run < 3; run++) {
    const before = { ...counts };
    lungsMs.push(await timed(async () => (await library.lungMask(volume)).destroy()));
    calls = {
      waits: counts.waits - before.waits,
      readbacks: counts.readbacks - before.readbacks,
      pokes: counts.pokes - before.pokes,
    };
  }
  const views = {
    mpr: await turn(library, volume, "mpr", seconds),
    mip: await turn(library, volume, "mip", seconds),
  };
  volume.destroy();
  engine.destroy();
  return { adapter: engine.adapter.name, idleMs, lungsMs, calls, views };
};

/** @param {() => Promise<void>} task */
async function timed(task) {
  const start = performance.now();
  await task();
  return Math.round(10 * (performance.now() - start)) / 10;
}

/** @param {GPUDevice} device */
function countCalls({ queue }) {
  const counts = { waits: 0, readbacks: 0, pokes: 0 };
  const wait = queue.onSubmittedWorkDone;
  queue.onSubmittedWorkDone = () => {
    counts.waits++;
    return wait.call(queue);
  };
  const submit = queue.submit;
  queue.submit = (buffers) => {
    if ([...buffers].length === 0) counts.pokes++;
    return submit.call(queue, buffers);
  };
  const map = GPUBuffer.prototype.mapAsync;
  GPUBuffer.prototype.mapAsync = function (...range) {
    counts.readbacks++;
    return map.apply(this, range);
  };
  return counts;
}

/**
 * A view that something turns at every frame of the display: pictures a second, how many of them in full
 * quality, and what settling takes.
 * @param {typeof import("hounsfield")} library
 * @param {import("hounsfield").CtVolume} volume
 * @param {"mpr" | "mip"} projection
 * @param {number} seconds
 */
async function turn(library, volume, projection, seconds) {
  const view = library.createView(
    /** @type {HTMLCanvasElement} */ (document.querySelector("canvas")),
    volume,
    { projection },
  );
  await view.settled();
  let pictures = 0;
  let full = 0;
  view.on("drawn", ({ finished }) => {
    pictures++;
    if (finished) full++;
  });
  const end = performance.now() + 1000 * seconds;
  for (let frame = 0; performance.now() < end; frame++) {
    const { camera, mpr } = view.state;
    const [x, y, z] = mpr.pointMm;
    if (projection === "mpr") view.set({ mpr: { pointMm: [x, y, z + (frame % 2 ? 9 : -9)] } });
    else view.set({ camera: { azimuthDeg: (camera.azimuthDeg + 3) % 360 } });
    await new Promise(requestAnimationFrame);
  }
  const turning = { picturesASecond: pictures / seconds, fullASecond: full / seconds };
  const settleMs = await timed(() => view.settled());
  view.destroy();
  return { ...turning, settleMs };
}
