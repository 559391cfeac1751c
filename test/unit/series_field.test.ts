import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import { createDecodePool, type DecodePool } from "../../src/decode/pool/pool.js";
import type { Repair } from "../../src/dicom/geometry/geometry_faults.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries, type Series } from "../../src/dicom/series/list_series.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { channelWorker } from "../support/channel_worker.js";
import { plainEngine } from "../support/plain_engine.js";

// Inputs as users of other tools reported them, with what they hold.

const FIELD = new URL("../../../shared/data/field-dicom/", import.meta.url).pathname;
const pools: DecodePool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.destroy();
});

const listed = (name: string, allow: readonly Repair[] = []) =>
  listSeries(
    readdirSync(FIELD + name).map((file) => bytesSource(file, readFileSync(`${FIELD}${name}/${file}`))),
    { allow },
  );

async function huOf(series: Series): Promise<number[]> {
  const pool = createDecodePool({ spawn: () => channelWorker(), size: 1 });
  pools.push(pool);
  return [...(await (await loadVolume(plainEngine(pool), series)).read())];
}

/** The values of a .npy file, which are int16 or float32. */
function truthOf(name: string): number[] {
  const bytes = readFileSync(`${FIELD}${name}.truth.npy`);
  const start = 10 + bytes.readUInt16LE(8);
  const [, type] = /'descr': '(.+?)'/.exec(bytes.toString("latin1", 10, start))!;
  const body = new Uint8Array(bytes.subarray(start)).buffer;
  return [
    ...(type === "<i2"
      ? new Int16Array(body)
      : type === "<i4"
        ? new Int32Array(body)
        : new Float32Array(body)),
  ];
}

describe.skipIf(!existsSync(`${FIELD}CASES.tsv`))(
  "field cases of geometry and grouping (needs ../shared/data)",
  () => {
    test.each([
      ["14d-one-decimal", "slices-uneven"],
      ["14n-spacing-jitter", "joined"],
      ["16c-mf-gridvector", undefined],
    ])("%s is the volume that it is, with %s", async (name, code) => {
      const series = chooseSeries((await listed(name)).series);
      if (code) expect(series.diagnostics.map((one) => one.code)).toContain(code);
      expect(await huOf(series)).toEqual(truthOf(name));
    });

    test.each<[string, Repair]>([
      ["14e-for-per-slice", "joined"],
      ["16b-mf-sc-spacing", "assumed-spacing"],
      ["25a-iop-zero", "assumed-orientation"],
      ["25b-only-instance-number", "assumed-spacing"],
    ])("%s is refused, and is the volume that it is where %s is allowed", async (name, allow) => {
      const { series } = await listed(name);
      expect(series).toHaveLength(1);
      const { refusal } = series[0];
      expect(isHounsfieldError(refusal, "unfaithful-geometry") && refusal.fields.allow).toEqual([allow]);
      const allowed = chooseSeries((await listed(name, [allow])).series);
      expect(allowed.diagnostics.map(({ code }) => code)).toContain(allow);
      expect(await huOf(allowed)).toEqual(truthOf(name));
    });

    test("15c-ctp-one-missing: three of four times are whole", async () => {
      const { series } = await listed("15c-ctp-one-missing");
      expect(series.map(({ slices, refusal }) => [slices.length, refusal?.code])).toEqual([
        ...[
          [5, undefined],
          [5, undefined],
          [5, undefined],
        ],
        [4, "unfaithful-geometry"],
      ]);
    });
  },
);
