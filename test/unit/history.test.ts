import { expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { version } from "../../src/core/version.js";
import { createDecodePool } from "../../src/decode/pool/pool.js";
import { chestPhantom } from "../../src/phantom/chest.js";
import { phantomSeries } from "../../src/phantom/series.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { channelWorker } from "../support/channel_worker.js";
import { plainEngine } from "../support/plain_engine.js";
import { readSeries } from "../support/read_series.js";

const phantom = chestPhantom({ size: [24, 24, 12] });
const files = [...phantomSeries(phantom)].map(({ name, bytes }) => bytesSource(name, bytes));

async function loaded(sources: readonly ByteSource[]) {
  const decoder = createDecodePool({ spawn: () => channelWorker(), size: 1, shareMemory: false });
  try {
    const [series] = await readSeries(sources, { allow: ["gaps"] });
    using volume = await loadVolume(plainEngine(decoder), series);
    return { history: volume.history, series };
  } finally {
    decoder.destroy();
  }
}

test("a loaded volume tells what it was loaded from, and of no patient and no UID", async () => {
  const { history, series } = await loaded(files);
  const source = {
    modality: "CT",
    slices: 12,
    transferSyntaxes: series.transferSyntaxes,
    ordering: "slice-location",
    repairs: [],
    window: { centerHu: -600, widthHu: 1500, voiFunction: "LINEAR" },
  };
  const own = { hounsfield: version, adapter: "plain", operation: "loadVolume", options: {}, inputs: [] };
  expect(history).toEqual({ ...own, source });
  expect(Object.isFrozen(history) && Object.isFrozen(history.source)).toBe(true);
  // Transfer syntaxes are UIDs of the standard; any other would name the study.
  const text = JSON.stringify({ ...history, source: { ...source, transferSyntaxes: [] } });
  expect(text).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
  expect(text).not.toMatch(/phantom/i);
  expect(text).not.toContain(series.description);
});

test("repairs are told", async () => {
  const [{ slices }] = await readSeries(files);
  const sources = slices.filter((_, z) => z !== 4).map(({ source }) => source);
  const { history } = await loaded(sources);
  expect(history.source).toMatchObject({ slices: 11, repairs: ["gaps"] });
});
