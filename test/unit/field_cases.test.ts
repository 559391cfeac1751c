import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import type { Diagnostic } from "../../src/core/diagnostic.js";
import type { Repair } from "../../src/core/errors.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import { createDecodePool } from "../../src/decode/pool/pool.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { loadVolume } from "../../src/volume/load_volume.js";
import { createCaseRunner } from "../fuzz/run_case.js";
import { channelWorker } from "../support/channel_worker.js";
import { plainEngine } from "../support/plain_engine.js";

// Every case of field-dicom, as its README says what reading each must give.

const FOLDER = new URL("../../../shared/data/field-dicom/", import.meta.url).pathname;
const hasData = existsSync(`${FOLDER}CASES.tsv`);
const pool = createDecodePool({ spawn: () => channelWorker(), size: 1 });
afterAll(() => pool.destroy());

const ROWS = hasData
  ? readFileSync(`${FOLDER}CASES.tsv`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t").slice(0, 2) as [name: string, expected: string])
  : [];

const sourcesOf = (name: string) =>
  readdirSync(FOLDER + name).map((file) => bytesSource(file, readFileSync(`${FOLDER}${name}/${file}`)));

/** All that is said, and what is made. */
async function made(name: string, allow: readonly Repair[] = []) {
  const { series, diagnostics } = await listSeries(sourcesOf(name), { allow });
  const chosen = chooseSeries(series);
  const volume = await loadVolume(plainEngine(pool), chosen);
  const { slope, intercept } = volume.values;
  return {
    said: [...diagnostics, ...chosen.diagnostics],
    size: [...volume.grid.size],
    values: Array.from(await volume.read(), (stored) => stored * slope + intercept),
  };
}

/** The truth of a case, z, y, x; undefined where it has none. */
function truthOf(name: string) {
  const path = `${FOLDER}${name}.truth.npy`;
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  const head = bytes.toString("latin1", 10, start);
  const [, type] = /'descr': '(.+?)'/.exec(head)!;
  const [, shape] = /'shape': \((.*?)\)/.exec(head)!;
  const body = new Uint8Array(bytes.subarray(start)).buffer;
  const kinds: Record<string, new (buffer: ArrayBuffer) => ArrayLike<number>> = {
    "<i2": Int16Array,
    "<i4": Int32Array,
    "<f4": Float32Array,
    "<f8": Float64Array,
  };
  return { size: shape.split(",").map(Number).reverse(), values: Array.from(new kinds[type](body)) };
}

type Made = Awaited<ReturnType<typeof made>>;

function expectTruth(name: string, { size, values }: Made, tolerance = 0): void {
  const truth = truthOf(name);
  if (!truth) return;
  expect(size).toEqual(truth.size);
  const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - truth.values[i])), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

const isWarning = ({ severity }: Diagnostic) => severity === "warning";

const CHECKS: Readonly<Record<string, (name: string) => Promise<void>>> = {
  async volume(name) {
    expectTruth(name, await made(name));
  },
  async warned(name) {
    const result = await made(name);
    expectTruth(name, result);
    expect(result.said).not.toEqual([]);
  },
  async said(name) {
    expect((await made(name)).said).not.toEqual([]);
  },
  async reads(name) {
    const runner = createCaseRunner();
    for (const { read, size } of sourcesOf(name))
      expect(await runner.run(await read(0, size), false)).toEqual({ decoded: true });
  },
  async neighbour(name) {
    const result = await made(name);
    expectTruth(name, result);
    expect(result.said.some(isWarning)).toBe(true);
  },
  async told(name) {
    const outcome = await made(name).catch((error: unknown) => error);
    if (!isHounsfieldError(outcome)) expect((outcome as Made).said.some(isWarning)).toBe(true);
  },
  async allow(name) {
    const refusal: unknown = await made(name).catch((error: unknown) => error);
    const { allow } = isHounsfieldError(refusal, "unfaithful-geometry") ? refusal.fields : {};
    expect(allow).toHaveLength(1);
    const result = await made(name, allow);
    expectTruth(name, result);
    expect(result.said.map(({ code }) => code)).toContain(allow![0]);
  },
  async parts(name) {
    const { series } = await listSeries(sourcesOf(name));
    expect(series.filter(({ refusal }) => !refusal).length).toBeGreaterThanOrEqual(3);
  },
  async scaled(name) {
    const { values } = truthOf(name)!;
    const span = values.reduce((most, value) => Math.max(most, value)) - Math.min(...values);
    expectTruth(name, await made(name), span / 60_000 + 1e-6);
  },
};

describe.skipIf(!hasData)("field-dicom (needs ../shared/data)", () => {
  test.each(ROWS)("%s: %s", async (name, expected) => {
    await CHECKS[expected](name);
  });
});
