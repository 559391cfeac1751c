import {
  bytesSource,
  chooseSeries,
  createView,
  type Engine,
  isHounsfieldError,
  listSeries,
  loadVolume,
  openEngine,
} from "hounsfield";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";
import { hashResults, type Results } from "./results.js";

/** What a page without WebGPU can do. */
export interface CpuPageResult {
  readonly hasGpu: boolean;
  readonly capabilities: Engine["capabilities"];
  readonly results: Results;
  /** How asking for a view, and for a GPU, is answered. */
  readonly view: string;
  readonly gpu: string;
  readonly leaked: Readonly<Record<string, number>>;
}

declare global {
  interface Window {
    computeOnCpu(): Promise<CpuPageResult>;
  }
}

window.computeOnCpu = async () => {
  const engine = await openEngine();
  const phantom = chestPhantom({ size: [95, 96, 40] });
  const files = [...phantomSeries(phantom)].map(({ name, bytes }) => bytesSource(name, bytes));
  const series = chooseSeries((await listSeries(files)).series);
  const volume = await loadVolume(engine, series);
  const results = await hashResults(volume, sha256);
  const code = (error: unknown) => (isHounsfieldError(error) ? error.code : String(error));
  let view = "";
  try {
    createView(document.createElement("canvas"), volume);
  } catch (error) {
    view = code(error);
  }
  const gpu = await openEngine({ device: "gpu" }).then(() => "", code);
  volume.destroy();
  const leaked = engine.memory.snapshot();
  const { capabilities } = engine;
  engine.destroy();
  return { hasGpu: "gpu" in navigator, capabilities, results, view, gpu, leaked };
};

async function sha256(values: ArrayBufferView<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", values);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
