// Over 300 lines: what the tests of views ask of a page, each a function on the window.
import {
  attachAnnotations,
  attachMprControls,
  attachOrbitControls,
  attachProbe,
  type BitMask,
  type ByteSource,
  bytesSource,
  type CtVolume,
  chooseSeries,
  createView,
  isHounsfieldError,
  linkViews,
  listSeries,
  loadVolume,
  lungMask,
  openEngine,
  openVolume,
  type Probe,
  renderToPixels,
  resample,
  type View,
  type ViewState,
} from "hounsfield";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";

type Engine = Awaited<ReturnType<typeof openGpu>>;

/** SwiftShader, wherever the page runs: so that all machines test the same. */
const openGpu = () => openEngine({ device: "gpu", software: "only", workers: 1 });

declare global {
  interface Window {
    /** Opens three cuts and a projection, linked, of the series at these addresses, or of the phantom. */
    openPanes(urls: readonly string[]): Promise<void>;
    /** Sets a state and waits for its picture. */
    setPane(pane: number, change: Parameters<View["set"]>[0]): Promise<void>;
    stateOf(pane: number): ViewState;
    /** Bytes that the engine holds, by label. */
    heldBytes(): Readonly<Record<string, number>>;
    /** What `renderToPixels` makes of the panes' volume. */
    pixelsOf(change: Parameters<View["set"]>[0], width: number, height: number): Promise<number[]>;
    sizesOf(pane: number): readonly number[];
    /** Lays what lies in the lung's HU over every pane. */
    overlayLungs(): Promise<void>;
    probePane(pane: number, x: number, y: number): Promise<Probe | undefined>;
    settledPanes(): Promise<void>;
    closePanes(): Promise<Readonly<Record<string, number>>>;
    /** Since the last call: pictures drawn, pane by pane, and what the pointer was told last. */
    drawnSince(): readonly number[];
    pointed?: Probe;
    /** Loses the device under the panes: what they told, and whether the volume's values are back. */
    loseDevice(): Promise<{ events: readonly string[]; same: boolean }>;
    /** Loses the device under a view of a resampled volume: the code of the error that its view ends with. */
    loseComputed(): Promise<string>;
    /** Shows a volume of 64 slices of which every eighth is there; resolves with how many are. */
    watchLoading(): Promise<number>;
    /** The others. */
    finishLoading(): Promise<void>;
    /**
     * Shows a volume of more columns than a texture takes, as it arrives: what its view told, and a probe
     * that the record says too.
     */
    watchLong(): Promise<{
      /** Texels that a texture of this device may have along an axis. */
      longest: number;
      codes: readonly string[];
      downsampling: View["downsampling"];
      texelBytes: number;
      hu: readonly [number | undefined, number];
    }>;
    /** Opens and closes a volume and two views `rounds` times: what the engine still holds then. */
    openAndCloseAll(rounds: number): Promise<Readonly<Record<string, number>>>;
    workerView(): Promise<Record<string, unknown>>;
    /**
     * Moves a cut of a small volume, rests and moves it again, on a device that answers so late: which
     * pictures of each moving were full at once.
     */
    moveLate(lateMs: number, pictures: number): Promise<readonly (readonly boolean[])[]>;
    panesReady?: boolean;
  }
}

const canvases = [...document.getElementsByTagName("canvas")];
let engine: Engine;
let volume: CtVolume;
let views: View[] = [];
let detach: (() => void)[] = [];
let drawn: number[] = [];
let lungs: BitMask | undefined;
let openGate = () => {};

async function phantomFiles(size: readonly [number, number, number]): Promise<ByteSource[]> {
  return [...phantomSeries(chestPhantom({ size }))].map(({ name, bytes }) => bytesSource(name, bytes));
}

async function seriesAt(urls: readonly string[]) {
  const sources = await Promise.all(
    urls.map(async (url) => bytesSource(url, new Uint8Array(await (await fetch(url)).arrayBuffer()))),
  );
  const { series } = await listSeries(urls.length > 0 ? sources : await phantomFiles([96, 96, 48]));
  if (series[0].refusal) throw series[0].refusal;
  return series[0];
}

window.moveLate = async (lateMs, pictures) => {
  const gpu = await openGpu();
  const { queue } = gpu.device as GPUDevice;
  const answered = queue.onSubmittedWorkDone.bind(queue);
  queue.onSubmittedWorkDone = async () => {
    const late = new Promise((resolve) => setTimeout(resolve, lateMs));
    await answered();
    await late;
  };
  const series = chooseSeries((await listSeries(await phantomFiles([32, 32, 16]))).series);
  const small = await loadVolume(gpu, series);
  const view = createView(canvases[0], small, { projection: "mpr" });
  await view.settled();
  let onDrawn = (_: boolean) => {};
  view.on("drawn", ({ finished }) => onDrawn(finished));
  const [x, y, z] = view.state.mpr.pointMm;
  const move = async () => {
    const full: boolean[] = [];
    for (let picture = 0; picture < pictures; picture++) {
      const drawn = new Promise<boolean>((resolve) => (onDrawn = resolve));
      view.set({ mpr: { pointMm: [x, y, z + (picture % 2 ? 9 : -9)] } });
      full.push(await drawn);
    }
    await view.settled();
    return full;
  };
  const moved = [await move(), await move()];
  view.destroy();
  small.destroy();
  gpu.destroy();
  return moved;
};

window.openPanes = async (urls) => {
  engine = await openGpu();
  volume = await loadVolume(engine, await seriesAt(urls));
  const window = "lung";
  const [axial, coronal, sagittal] = (["axial", "coronal", "sagittal"] as const).map((plane, i) =>
    createView(canvases[i], volume, { projection: "mpr", window, mpr: { plane } }),
  );
  const whole = createView(canvases[3], volume, { window: "bone" });
  views = [axial, coronal, sagittal, whole];
  drawn = views.map(() => 0);
  detach = [
    linkViews(views),
    attachOrbitControls(whole, canvases[3]),
    attachProbe(axial, canvases[0], (probe) => {
      globalThis.window.pointed = probe;
    }),
    ...views.flatMap((view, i) => [
      attachAnnotations(view, canvases[i].parentElement as HTMLElement, {
        others: [axial, coronal, sagittal],
      }),
      view.on("drawn", () => drawn[i]++),
    ]),
    ...[axial, coronal, sagittal].map((view, i) => attachMprControls(view, canvases[i])),
  ];
  await settledPanes();
};

const settledPanes = () => Promise.all(views.map((view) => view.settled())).then(() => {});
window.settledPanes = settledPanes;

window.setPane = async (pane, change) => {
  views[pane].set(change);
  await settledPanes();
};

window.stateOf = (pane) => views[pane].state;
window.heldBytes = () => engine.memory.snapshot();
window.pixelsOf = async (change, width, height) => [
  ...(await renderToPixels(volume, change, { width, height })),
];
window.sizesOf = (pane) => [
  views[pane].widthPx,
  views[pane].heightPx,
  canvases[pane].width,
  canvases[pane].height,
];
window.overlayLungs = async () => {
  const found = await lungMask(volume, { method: "threshold" });
  // Empty, and the airways with it.
  found.left.destroy();
  lungs = found.right;
  const masks = { lungs };
  for (const view of views) {
    view.setMasks(masks);
    view.set({ overlays: [{ mask: "lungs" }] });
  }
  await settledPanes();
};
window.probePane = (pane, x, y) => views[pane].probe(x, y);

window.drawnSince = () => {
  const counts = drawn;
  drawn = views.map(() => 0);
  return counts;
};

window.closePanes = async () => {
  for (const end of detach) end();
  for (const view of views) view.destroy();
  await engine.idle();
  lungs?.destroy();
  volume.destroy();
  const leaked = engine.memory.snapshot();
  engine.destroy();
  return leaked;
};

window.loseDevice = async () => {
  const before = await volume.read();
  const events: string[] = [];
  const recovered = Promise.all(
    views.map(
      (view, i) =>
        new Promise<void>((resolve) => {
          view.on("lost", () => events.push(`${i} lost`));
          view.on("error", ({ error }) => events.push(`${i} ${error}`));
          view.on("notice", (notice) => {
            const error = notice.code === "no-overlays" && notice.error;
            events.push(`${i} ${notice.code} ${isHounsfieldError(error) && error.code}`);
          });
          view.on("recovered", () => {
            events.push(`${i} recovered`);
            resolve();
          });
        }),
    ),
  );
  engine.device.destroy();
  await recovered;
  await settledPanes();
  const after = await volume.read();
  return { events, same: after.every((hu, i) => hu === before[i]) };
};

window.loseComputed = async () => {
  const engine = await openGpu();
  const loaded = await loadVolume(engine, await seriesAt([]));
  const computed = await resample(loaded, { spacingMm: 8 });
  loaded.destroy();
  const view = createView(canvases[0], computed, { projection: "mpr" });
  await view.settled();
  const ended = new Promise<string>((resolve) => {
    view.on("error", ({ error }) => resolve(isHounsfieldError(error) ? error.code : String(error)));
  });
  engine.device.destroy();
  const code = await ended;
  view.destroy();
  computed.destroy();
  engine.destroy();
  return code;
};

window.watchLoading = async () => {
  engine = await openGpu();
  const files = await phantomFiles([64, 64, 64]);
  // Reading stops after every eighth slice, so that the coarse whole can be looked at. Listing reads five
  // pieces of pixel data, to see what they are.
  const gate = new Promise<void>((resolve) => (openGate = resolve));
  let reads = 0;
  const stopping = files.map(
    ({ name, size, read }): ByteSource => ({
      name,
      size,
      async read(start, end) {
        if (start > 0 && ++reads > 5 + 8) await gate;
        return read(start, end);
      },
    }),
  );
  const series = chooseSeries((await listSeries(stopping)).series);
  const loading = await openVolume(engine, series);
  volume = loading.volume;
  const { arrival } = volume;
  views = [
    createView(canvases[0], volume, { projection: "mpr", window: "lung" }),
    createView(canvases[1], volume, { projection: "mpr", window: "lung", mpr: { plane: "coronal" } }),
    createView(canvases[3], volume, { window: "bone" }),
  ];
  drawn = views.map(() => 0);
  detach = views.map((view, i) => view.on("drawn", () => drawn[i]++));
  const arrived = () => Array.from({ length: 64 }, (_, z) => arrival?.has(z)).filter(Boolean).length;
  while (arrived() < 8 || drawn.includes(0)) await new Promise(requestAnimationFrame);
  return arrived();
};

window.finishLoading = async () => {
  const settled = settledPanes();
  openGate();
  await settled;
};

window.watchLong = async () => {
  engine = await openGpu();
  const longest = engine.device.limits.maxTextureDimension3D;
  const [columns, rows, slices] = [longest + 53, 6, 20];
  const series = chooseSeries((await listSeries(await phantomFiles([columns, rows, slices]))).series);
  const loading = await openVolume(engine, series);
  volume = loading.volume;
  const view = createView(canvases[0], volume, { projection: "mpr" });
  views = [view];
  detach = [];
  const codes: string[] = [];
  view.on("notice", ({ code }) => codes.push(code));
  await loading.done;
  await settledPanes();
  // Opens its stage anew: nothing is new to tell.
  view.setMasks({});
  await settledPanes();
  const probe = await view.probe(Math.floor(view.widthPx / 3), Math.floor(view.heightPx / 2));
  const [x, y, z] = probe?.voxel ?? [0, 0, 0];
  const slice = await volume.read(z, z + 1);
  return {
    longest,
    codes,
    downsampling: view.downsampling,
    texelBytes: engine.memory.snapshot()["display texture"] ?? 0,
    hu: [probe?.hu, slice[y * columns + x]],
  };
};

window.openAndCloseAll = async (rounds) => {
  const files = await phantomFiles([24, 24, 12]);
  const engine = await openGpu();
  for (let round = 0; round < rounds; round++) {
    const series = chooseSeries((await listSeries(files)).series);
    const { volume, done } = await openVolume(engine, series);
    // Canvases of a size that never come into the document.
    const [one, other] = [1, 2].map(() =>
      Object.assign(document.createElement("canvas"), { width: 30, height: 20 }),
    );
    const cut = createView(one, volume, { projection: "mpr" });
    const rays = createView(other, volume);
    // Every third is closed before it was loaded or drawn.
    if (round % 3 !== 0) {
      await Promise.all([done, cut.ready, rays.ready]);
      await cut.probe(3, 3);
    }
    cut.destroy();
    rays.destroy();
    volume.destroy();
    await done.catch(() => {});
  }
  // What was under way at the last close ends a moment later.
  for (let i = 0; i < 100 && engine.memory.bytes > 0; i++) await new Promise(requestAnimationFrame);
  const left = engine.memory.snapshot();
  engine.destroy();
  return left;
};

window.workerView = () => {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const canvas = canvases[1].transferControlToOffscreen();
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ canvas }, [canvas]);
  });
};

window.panesReady = true;
