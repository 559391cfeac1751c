import {
  bytesSource,
  type CtVolume,
  chooseSeries,
  type Engine,
  listSeries,
  loadVolume,
  openEngine,
} from "hounsfield";
import { chestPhantom, phantomSeries } from "hounsfield/phantom";

/** The phantom on SwiftShader, wherever the page runs: so that all machines test the same. */
export async function openPhantom(): Promise<{ engine: Engine; volume: CtVolume }> {
  const engine = await openEngine({ device: "gpu", software: "only", workers: 1 });
  const files = [...phantomSeries(chestPhantom({ size: [48, 48, 16] }))];
  const series = chooseSeries(
    (await listSeries(files.map(({ name, bytes }) => bytesSource(name, bytes)))).series,
  );
  return { engine, volume: await loadVolume(engine, series) };
}
