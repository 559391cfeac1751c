import { bytesSource, type CtVolume, type Engine, loadVolume, openEngine, readSeries } from "hounsfield";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";

/** The phantom on SwiftShader, wherever the page runs: so that all machines test the same. */
export async function openPhantom(): Promise<{ engine: Engine; volume: CtVolume }> {
  const engine = await openEngine({ device: "gpu", software: "only", workers: 1 });
  const files = [...phantomSeries(chestPhantom({ size: [48, 48, 16] }))];
  const [series] = await readSeries(files.map(({ name, bytes }) => bytesSource(name, bytes)));
  return { engine, volume: await loadVolume(engine, series) };
}
