import {
  type ByteSource,
  bytesSource,
  type CtVolume,
  chooseSeries,
  createView,
  isHounsfieldError,
  listSeries,
  loadVolume,
  openEngine,
  projectMaximum,
  renderToPixels,
} from "hounsfield";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";

/** What a page has computed of a series, for comparison with Node. */
export interface PageResult {
  readonly software: boolean;
  readonly size: readonly number[];
  readonly names: readonly string[];
  readonly volume: string;
  readonly mip: Readonly<Record<"axial" | "coronal" | "sagittal", string>>;
  /** Buffers made by the page that its workers share. */
  readonly sharedBuffers: number;
  /** A view's picture: RGBA, 128 x 128. */
  readonly picture: readonly number[];
  /** Bytes by label that the engine still holds after all was destroyed. */
  readonly leaked: Readonly<Record<string, number>>;
}

declare global {
  interface Window {
    /** Reads the DICOM files at these addresses and hashes what the kernels make of them. */
    hashSeries(urls: readonly string[]): Promise<PageResult>;
    /**
     * Opens and closes a view `rounds` times: how an early close was answered, and what the engine holds in
     * the end.
     */
    openAndClose(rounds: number): Promise<{ refused: string; leaked: Readonly<Record<string, number>> }>;
    /** Shows a view, sets `drawn`, and resolves with what its owner is told when the device goes away. */
    watchDevice(): Promise<string>;
    drawn?: boolean;
    recovered?: boolean;
    /**
     * Frames drawn: until the picture is at rest, in ten animation frames after that, and after a change of
     * window.
     */
    countFrames(): Promise<readonly [number, number, number]>;
  }
}

window.hashSeries = async (urls) => {
  const sharedBuffers = countSharedBuffers();
  const engine = await openEngine({ device: "gpu", software: "only" });
  const sources: ByteSource[] = [];
  for (const url of urls) {
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    sources.push(bytesSource(url.split("/").pop() ?? url, bytes));
  }
  const { series } = await listSeries(sources);
  const [one] = series;
  if (one.refusal) throw one.refusal;
  const volume = await loadVolume(engine, one);
  const planes = ["axial", "coronal", "sagittal"] as const;
  const mips: [string, string][] = [];
  for (const plane of planes) mips.push([plane, await sha256((await projectMaximum(volume, { plane })).hu)]);
  const result = {
    software: engine.adapter.software,
    size: volume.grid.size,
    names: one.slices.map((slice) => slice.source.name),
    volume: await sha256(await volume.read()),
    mip: Object.fromEntries(mips) as PageResult["mip"],
    sharedBuffers: sharedBuffers(),
    picture: [...(await renderToPixels(volume, { window: "bone", camera }, { width: 128, height: 128 }))],
  };
  volume.destroy();
  const leaked = engine.memory.snapshot();
  engine.destroy();
  return { ...result, leaked };
};

/** Counts the SharedArrayBuffers made from now on; a page that is not isolated has no such class. */
function countSharedBuffers(): () => number {
  let count = 0;
  const Original = globalThis.SharedArrayBuffer;
  if (!Original) return () => count;
  globalThis.SharedArrayBuffer = new Proxy(Original, {
    construct(target, parameters) {
      count++;
      return Reflect.construct(target, parameters);
    },
  });
  return () => {
    globalThis.SharedArrayBuffer = Original;
    return count;
  };
}

const camera = { azimuthDeg: 30, elevationDeg: 10 };

/** Outside the document: only a size of its own makes such a canvas one to draw on. */
const sizedCanvas = () => Object.assign(document.createElement("canvas"), { width: 64, height: 48 });

window.openAndClose = async (rounds) => {
  const engine = await openEngine({ device: "gpu", software: "only", workers: 1 });
  const volume = await phantomVolume(engine);
  const before = JSON.stringify(engine.memory.snapshot());
  for (let round = 0; round < rounds; round++) {
    const view = createView(sizedCanvas(), volume);
    await view.settled();
    view.destroy();
    view.destroy();
  }
  // A view that is closed before it could draw frees what was under way a moment later.
  const early = createView(sizedCanvas(), volume);
  early.destroy();
  const refused = await early.ready.then(
    () => "",
    (error) => error.name,
  );
  while (JSON.stringify(engine.memory.snapshot()) !== before) await new Promise(requestAnimationFrame);
  volume.destroy();
  const leaked = engine.memory.snapshot();
  engine.destroy();
  return { refused, leaked };
};

window.watchDevice = async () => {
  const engine = await openEngine({ device: "gpu", software: "only", workers: 1 });
  const volume = await phantomVolume(engine);
  const [canvas] = document.getElementsByTagName("canvas");
  const told = new Promise<string>((resolve) => {
    const view = createView(canvas, volume, { window: "bone" });
    view.on("lost", ({ error }) => resolve(isHounsfieldError(error) ? error.code : String(error)));
    view.on("recovered", () => (window.recovered = true));
    view.on("error", ({ error }) => resolve(String(error)));
    view.ready.then(() => (window.drawn = true));
  });
  return told;
};

window.countFrames = async () => {
  const engine = await openEngine({ device: "gpu", software: "only", workers: 1 });
  const volume = await phantomVolume(engine);
  const [canvas] = document.getElementsByTagName("canvas");
  const context = canvas.getContext("webgpu") as GPUCanvasContext;
  const getCurrentTexture = context.getCurrentTexture.bind(context);
  let frames = 0;
  context.getCurrentTexture = () => {
    frames++;
    return getCurrentTexture();
  };
  const view = createView(canvas, volume, { window: "bone" });
  await view.settled();
  const first = frames;
  for (let i = 0; i < 10; i++) await new Promise(requestAnimationFrame);
  const idle = frames - first;
  view.set({ window: "lung" });
  view.set({ window: "softTissue" });
  await view.settled();
  const changed = frames - first - idle;
  view.destroy();
  volume.destroy();
  engine.destroy();
  return [first, idle, changed];
};

async function phantomVolume(engine: Awaited<ReturnType<typeof openEngine>>): Promise<CtVolume> {
  const files = [...phantomSeries(chestPhantom({ size: [48, 48, 16] }))];
  const series = chooseSeries(
    (await listSeries(files.map(({ name, bytes }) => bytesSource(name, bytes)))).series,
  );
  return loadVolume(engine, series);
}

async function sha256(values: Int16Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", values as Int16Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
