import { describe, expect, test } from "vitest";
import { createRawCodec } from "../../src/decode/codecs/raw/raw.js";
import type { DecodeReply } from "../../src/decode/pool/messages.js";
import type { WorkerLike } from "../../src/decode/pool/worker_like.js";
import { spawnNodeWorker } from "../../src/node/spawn_worker.js";
import { firstDifference } from "../support/arrays.js";
import { channelWorker } from "../support/channel_worker.js";
import {
  COLUMNS,
  jpegFrame,
  jpegJob,
  openPool,
  ROWS,
  rawFrame,
  rawJob,
  turn,
  values,
} from "../support/decode_pools.js";
import { bundleNodeWorker } from "../support/worker_bundle.js";

describe("over a channel", () => {
  test("stored values and HU arrive exact, from several workers", async () => {
    const pool = openPool(() => channelWorker(), 3);
    const stored = await Promise.all(Array.from({ length: 20 }, (_, i) => pool.decode(jpegJob(i))));
    stored.forEach((got, i) => {
      expect(got).toBeInstanceOf(Uint16Array);
      expect(firstDifference(got, values(i))).toBe(-1);
    });
    const output = { kind: "hu", rescale: { slope: 1, intercept: -1024 } } as const;
    const hu = await pool.decode({ ...jpegJob(5), output });
    expect(hu).toBeInstanceOf(Int16Array);
    expect(hu.length).toBe(ROWS * 32);
    expect(hu[33]).toBe(values(5)[32] - 1024);
    const raw = await pool.decode({ ...rawJob(5), output });
    expect(firstDifference(raw, hu)).toBe(-1);
  });

  test("bytes are transferred in, values out: neither side keeps a copy", async () => {
    const replies: DecodeReply[] = [];
    const pool = openPool(() => channelWorker(replies), 1);
    for (const job of [jpegJob(1), rawJob(1)]) {
      const got = await pool.decode(job);
      expect(got.length).toBe(ROWS * COLUMNS);
      expect(job.bytes.byteLength).toBe(0);
      expect(job.bytes.buffer.byteLength).toBe(0);
    }
    expect(replies.map((reply) => "values" in reply && reply.values.buffer.byteLength)).toEqual([0, 0]);
  });

  test("bytes that are part of a larger buffer leave the rest with the caller", async () => {
    const pool = openPool(() => channelWorker(), 1);
    const { bytes, ...rest } = jpegJob(2);
    const file = Uint8Array.of(7, 7, 7, ...bytes, 9);
    const got = await pool.decode({ ...rest, bytes: file.subarray(3, file.length - 1) });
    expect(firstDifference(got, values(2))).toBe(-1);
    expect([file.length, file[0], file[file.length - 1]]).toEqual([bytes.length + 4, 7, 9]);
  });

  test("a buffer that is given whole goes whole, uncopied, and the frame in it is found", async () => {
    const pool = openPool(channelWorker, 1);
    const whole = jpegJob(5);
    const larger = new Uint8Array(whole.bytes.length + 200);
    larger.set(whole.bytes, 100);
    const bytes = larger.subarray(100, 100 + whole.bytes.length);
    const decoded = await pool.decode({ ...whole, bytes, wholeBuffer: true });
    expect(firstDifference(decoded, values(5))).toBe(-1);
    expect([larger.length, bytes.length]).toEqual([0, 0]);
  });

  test("an error comes back with its code, file, transfer syntax and offset", async () => {
    const pool = openPool(() => channelWorker(), 1);
    const job = jpegJob(3);
    const bytes = job.bytes.slice(0, 200);
    const { transferSyntax } = jpegFrame;
    await expect(pool.decode({ ...job, bytes })).rejects.toMatchObject({
      name: "HounsfieldError",
      code: "truncated",
      message: expect.stringMatching(/^slice-3\.dcm: /),
      fields: { file: "slice-3.dcm", transferSyntax, offset: 200 },
    });
    const frame = { ...jpegFrame, transferSyntax: "1.2.840.10008.1.2.4.107" };
    await expect(pool.decode({ ...jpegJob(3), frame })).rejects.toMatchObject({
      code: "unsupported-transfer-syntax",
      message: expect.stringContaining("HEVC"),
      fields: { file: "slice-3.dcm", transferSyntax: frame.transferSyntax },
    });
    const output = { kind: "hu", rescale: { slope: 100, intercept: 0 } } as const;
    await expect(pool.decode({ ...jpegJob(3), output })).rejects.toMatchObject({ code: "value-range" });
    expect(firstDifference(await pool.decode(jpegJob(4)), values(4))).toBe(-1);
  });

  test("a frame whose buffer was given away already is refused, those beside it are not touched", async () => {
    const pool = openPool(() => channelWorker(), 1);
    const job = jpegJob(6);
    await pool.decode(job);
    await expect(pool.decode(job)).rejects.toMatchObject({
      code: "truncated",
      message: expect.stringContaining("no bytes"),
      fields: { file: "slice-6.dcm" },
    });
    expect(firstDifference(await pool.decode(jpegJob(7)), values(7))).toBe(-1);
  });
});

describe("in Node's workers", () => {
  test("the bundled worker decodes, transfers, reports errors and dies in the open", async () => {
    const url = await bundleNodeWorker();
    const started: WorkerLike[] = [];
    const pool = openPool(() => {
      const worker = spawnNodeWorker(url);
      started.push(worker);
      return worker;
    }, 2);
    const job = jpegJob(0);
    expect(firstDifference(await pool.decode(job), values(0))).toBe(-1);
    expect(job.bytes.byteLength).toBe(0);
    const many = await Promise.all(Array.from({ length: 30 }, (_, i) => pool.decode(jpegJob(i))));
    expect(many.findIndex((got, i) => firstDifference(got, values(i)) >= 0)).toBe(-1);
    expect(started.length).toBe(2);
    const broken = { ...jpegJob(1), bytes: Uint8Array.of(1, 2, 3) };
    await expect(pool.decode(broken)).rejects.toMatchObject({ code: "decode-failed", fields: { offset: 0 } });

    // Frames that keep a worker busy for longer than it takes to end it.
    const frame = { ...rawFrame, rows: 4000, columns: 4000 };
    const lost = [0, 1].map(() =>
      pool.decode({ bytes: new Uint8Array(2 * 4000 * 4000), frame, output: { kind: "stored" } }),
    );
    const outcomes = Promise.allSettled(lost);
    await turn();
    for (const worker of started) worker.terminate();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "decode-failed" } });
    }
    expect(firstDifference(await pool.decode(jpegJob(8)), values(8))).toBe(-1);
    expect(started.length).toBeGreaterThan(2);
  });

  test("a worker whose file is not there fails its jobs, and blames itself, not their files", async () => {
    const url = new URL("./no_such_worker.js", import.meta.url);
    const pool = openPool(() => spawnNodeWorker(url), 1);
    const error = await pool.decode({ ...jpegJob(1), label: "slice-1.dcm" }).catch((reason) => reason);
    expect(error).toMatchObject({ code: "worker-failed", fields: { url: url.href } });
    expect(error.fields).not.toHaveProperty("file");
    expect(error.message).not.toContain("slice-1.dcm");
    expect(error.message).toMatch(/no_such_worker.*workerUrl.*workers: 0/);
  });
});

test("the raw codec of a worker gives a view of what it was sent", async () => {
  const codec = await createRawCodec();
  const bytes = new Uint8Array(values(1).buffer);
  const plain = { ...rawFrame, bitsStored: 16, highBit: 15 };
  expect(codec.decode(bytes, plain).buffer).toBe(bytes.buffer);
});
