// Over 300 lines: everything the pool promises is tested with the same scripted workers and jobs, and reads
// as one list of promises.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { FrameDescription } from "../../src/core/frame.js";
import { codecFor } from "../../src/decode/codec_modules.js";
import { createRawCodec } from "../../src/decode/codecs/raw/raw.js";
import type { DecodeJob } from "../../src/decode/pool/decode_job.js";
import type { DecodeReply, DecodeRequest, DecodeTask } from "../../src/decode/pool/messages.js";
import { createDecodePool, type DecodePool, type DecodePoolOptions } from "../../src/decode/pool/pool.js";
import { handleDecodeMessages } from "../../src/decode/pool/worker.js";
import type { WorkerLike } from "../../src/decode/pool/worker_like.js";
import { spawnNodeWorker } from "../../src/node/spawn_worker.js";
import { encodeJpegLossless } from "../../src/phantom/jpeg_lossless_encode.js";
import { firstDifference } from "../support/arrays.js";
import { channelWorker } from "../support/channel_worker.js";
import { bundleNodeWorker } from "../support/worker_bundle.js";

const rows = 24;
const columns = 31;
const jpegFrame: FrameDescription = {
  transferSyntax: "1.2.840.10008.1.2.4.70",
  rows,
  columns,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 0,
};
const rawFrame: FrameDescription = { ...jpegFrame, transferSyntax: "1.2.840.10008.1.2.1" };

function values(seed: number): Uint16Array {
  return Uint16Array.from({ length: rows * columns }, (_, i) => (i * 37 + seed * 911) % 4096);
}

function jpegJob(seed: number): DecodeJob {
  const bytes = encodeJpegLossless(values(seed), { rows, columns, precision: 12 });
  return { bytes, frame: jpegFrame, output: { kind: "stored" }, label: `slice-${seed}.dcm` };
}

function rawJob(seed: number): DecodeJob {
  return { ...jpegJob(seed), bytes: new Uint8Array(values(seed).buffer), frame: rawFrame };
}

const pools: DecodePool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.destroy();
});

function openPool(
  spawn: () => WorkerLike,
  size: number,
  options: Partial<DecodePoolOptions> = {},
): DecodePool {
  const pool = createDecodePool({ spawn, size, ...options });
  pools.push(pool);
  return pool;
}

/**
 * A worker that does nothing until it is told: its requests are recorded, its replies and its end are the
 * test's.
 */
function scriptedWorker(record = true) {
  const requests: DecodeRequest[] = [];
  let onMessage: (data: unknown) => void = () => {};
  let onFailure: (reason: Error) => void = () => {};
  let terminated = false;
  const worker: WorkerLike = {
    post(message) {
      if (record) requests.push(message as DecodeRequest);
    },
    listen(message, failure) {
      onMessage = message;
      onFailure = failure;
    },
    terminate() {
      terminated = true;
    },
  };
  return {
    worker,
    requests,
    sent: () => requests.flatMap(({ tasks }) => tasks.map(({ id }) => id)),
    answer: (...ids: number[]) =>
      onMessage(ids.map((id): DecodeReply => ({ id, values: Uint16Array.of(id) }))),
    die: (message: string) => onFailure(new Error(message)),
    terminated: () => terminated,
  };
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

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
    expect(hu.length).toBe(rows * 32);
    expect(hu[33]).toBe(values(5)[32] - 1024);
    const raw = await pool.decode({ ...rawJob(5), output });
    expect(firstDifference(raw, hu)).toBe(-1);
  });

  test("bytes are transferred in, values out: neither side keeps a copy", async () => {
    const replies: DecodeReply[] = [];
    const pool = openPool(() => channelWorker(replies), 1);
    for (const job of [jpegJob(1), rawJob(1)]) {
      const got = await pool.decode(job);
      expect(got.length).toBe(rows * columns);
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

describe("memory", () => {
  const output = { kind: "hu", rescale: { slope: 1, intercept: -1024 } } as const;
  const bytes = rows * 32 * 2;
  const dirty = (shareMemory: boolean, length = bytes) => {
    const memory = openPool(() => channelWorker(), 1, { shareMemory }).createMemory(length);
    new Uint8Array(memory).fill(0xa5);
    return memory;
  };

  test("shared memory is written to in place, and the next job writes to it again", async () => {
    const pool = openPool(() => channelWorker(), 1, { shareMemory: true });
    const memory = dirty(true);
    expect(memory).toBeInstanceOf(SharedArrayBuffer);
    for (const seed of [1, 2, 3]) {
      const plain = await pool.decode({ ...jpegJob(seed), output });
      const hu = await pool.decode({ ...jpegJob(seed), output, memory });
      expect(hu.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(firstDifference(hu, plain)).toBe(-1);
      expect(firstDifference(new Int16Array(memory), plain)).toBe(-1);
    }
  });

  test("memory that is not shared goes to the worker and comes back with the values", async () => {
    const replies: DecodeReply[] = [];
    const pool = openPool(() => channelWorker(replies), 1);
    let memory = dirty(false, bytes + 64);
    for (const job of [jpegJob(1), rawJob(2)]) {
      const plain = await pool.decode({ ...job, bytes: job.bytes.slice(), output });
      const given = memory;
      const hu = await pool.decode({ ...job, output, memory: given });
      expect(given.byteLength).toBe(0);
      expect(hu.buffer.byteLength).toBe(bytes + 64);
      expect(firstDifference(hu, plain)).toBe(-1);
      memory = hu.buffer;
    }
    expect(replies.every((reply) => "values" in reply && reply.values.buffer.byteLength === 0)).toBe(true);
  });

  test.each([true, false])("too small memory is left alone (shared: %s)", async (shareMemory) => {
    const pool = openPool(() => channelWorker(), 1, { shareMemory });
    const small = dirty(shareMemory, bytes - 2);
    const hu = await pool.decode({ ...jpegJob(4), output, memory: small });
    expect(hu.buffer).toBeInstanceOf(ArrayBuffer);
    expect(hu.byteLength).toBe(bytes);
    if (shareMemory) expect(new Uint8Array(small).every((byte) => byte === 0xa5)).toBe(true);
  });

  test("memory given away before, or given to two jobs at once, costs nobody a frame", async () => {
    const pool = openPool(() => channelWorker(), 1);
    const memory = dirty(false);
    const both = [5, 6].map((seed) => pool.decode({ ...jpegJob(seed), memory }));
    const after = Promise.all(both).then(() => pool.decode({ ...jpegJob(7), memory }));
    for (const [i, got] of [...(await Promise.all(both)), await after].entries()) {
      expect(firstDifference(got, values(5 + i))).toBe(-1);
    }
  });

  test("a destroyed pool holds nothing of its jobs: neither bytes nor memory", async () => {
    const script = scriptedWorker(false);
    const pool = openPool(() => script.worker, 1, { shareMemory: true });
    const start = (seed: number) => {
      const job = { ...rawJob(seed), memory: pool.createMemory(bytes) };
      pool.decode(job).catch(() => {});
      return [job, job.memory, job.bytes.buffer].map((part) => new WeakRef<object>(part));
    };
    const held = [1, 2, 3, 4, 5, 6].flatMap(start);
    await turn();
    collectGarbage();
    expect(held.filter((ref) => ref.deref())).toHaveLength(18);
    pool.destroy();
    await turn();
    collectGarbage();
    expect(held.filter((ref) => ref.deref())).toHaveLength(0);
    expect(script.terminated()).toBe(true);
  });
});

describe("order and flow", () => {
  test("jobs given in one go share messages, at most four in a worker, workers alike", async () => {
    const scripts = [scriptedWorker(), scriptedWorker()];
    let started = 0;
    const pool = openPool(() => scripts[started++].worker, 2);
    for (let i = 1; i <= 12; i++) pool.decode(rawJob(i)).catch(() => {});
    await turn();
    expect(scripts.map(({ requests }) => requests.map(({ tasks }) => tasks.length))).toEqual([[4], [4]]);
    scripts[0].answer(1);
    expect(scripts[0].sent()).toEqual([1, 2, 3, 4]);
    scripts[0].answer(2);
    expect(scripts[0].requests[1].tasks.map(({ id }) => id)).toEqual([9, 10]);
  });

  test("few jobs are spread over the workers, and no more workers are started than there is work for", async () => {
    const scripts = [scriptedWorker(), scriptedWorker(), scriptedWorker()];
    let started = 0;
    const pool = openPool(() => scripts[started++].worker, 3);
    for (let i = 0; i < 2; i++) pool.decode(rawJob(i)).catch(() => {});
    await turn();
    expect(started).toBe(2);
    expect(scripts.map((script) => script.sent().length)).toEqual([1, 1, 0]);
  });

  test("large frames keep fewer workers busy, so that all fit the memory allowed; one is always busy", async () => {
    const scripts = [scriptedWorker(), scriptedWorker(), scriptedWorker()];
    let started = 0;
    const pool = openPool(() => scripts[started++].worker, 3, { memoryBytes: 2 ** 28 });
    const large = { ...rawJob(1), frame: { ...rawFrame, rows: 2000, columns: 2000 } };
    expect([rawFrame, large.frame, { rows: 65535, columns: 65535 }].map(pool.workersFor)).toEqual([3, 2, 1]);
    for (let i = 0; i < 12; i++) pool.decode({ ...large, bytes: large.bytes.slice() }).catch(() => {});
    await turn();
    expect(scripts.map((script) => script.sent().length)).toEqual([4, 4, 0]);
    for (const id of scripts[0].sent().slice(0, 3)) scripts[0].answer(id);
    expect(scripts.map((script) => script.sent().length)).toEqual([6, 4, 0]);
    for (let i = 0; i < 2; i++) pool.decode({ ...rawJob(i), priority: 1 }).catch(() => {});
    await turn();
    expect(scripts[2].sent()).toEqual([13, 14]);
  });

  test("a higher priority goes first, equal ones in their order", async () => {
    const script = scriptedWorker();
    const pool = openPool(() => script.worker, 1);
    for (let i = 1; i <= 4; i++) pool.decode(rawJob(i)).catch(() => {});
    await turn();
    for (const priority of [0, 0, 5, 1, 5]) pool.decode({ ...rawJob(9), priority }).catch(() => {});
    await turn();
    for (const id of [1, 2, 3, 4, 7, 9]) script.answer(id);
    expect(script.sent()).toEqual([1, 2, 3, 4, 7, 9, 8, 5, 6]);
  });

  test("ready holds callers back while too many wait, and lets as many go as there is room for", async () => {
    const script = scriptedWorker();
    const pool = openPool(() => script.worker, 1, { maxQueued: 2 });
    for (let i = 1; i <= 6; i++) pool.decode(rawJob(i)).catch(() => {});
    await turn();
    let resumed = 0;
    for (let i = 0; i < 3; i++) pool.ready().then(() => resumed++);
    await turn();
    expect(resumed).toBe(0);
    script.answer(1, 2);
    await turn();
    expect(resumed).toBe(2);
    await pool.ready();
  });

  test("an abort takes a waiting job out and frees its place; a job under way is left to end unheard", async () => {
    const script = scriptedWorker();
    const pool = openPool(() => script.worker, 1, { maxQueued: 1 });
    const abort = new AbortController();
    const reason = new Error("the user went away");
    const first = pool.decode(rawJob(1), { signal: abort.signal });
    for (let i = 2; i <= 4; i++) pool.decode(rawJob(i)).catch(() => {});
    await turn();
    const waiting = pool.decode(rawJob(5), { signal: abort.signal });
    await turn();
    let resumed = false;
    pool.ready().then(() => {
      resumed = true;
    });
    abort.abort(reason);
    await expect(first).rejects.toBe(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(resumed).toBe(true);
    for (let i = 1; i <= 4; i++) script.answer(i);
    await turn();
    expect(script.sent()).toEqual([1, 2, 3, 4]);
    await expect(pool.decode(rawJob(6), { signal: abort.signal })).rejects.toBe(reason);
  });
});

describe("messages", () => {
  function listen() {
    const posted: DecodeReply[][] = [];
    let send: (request: DecodeRequest) => void = () => {};
    const port = {
      transfers: true,
      post: (replies: readonly DecodeReply[]) => replies.length > 0 && posted.push([...replies]),
      listen: (handler: (request: DecodeRequest) => void) => {
        send = handler;
      },
    };
    handleDecodeMessages(port, codecFor);
    const ids = () => posted.map((replies) => replies.map(({ id }) => id));
    return { posted, ids, send: (tasks: DecodeTask[]) => send({ tasks }) };
  }

  test("frames that are quickly decoded are answered together, failures among them", async () => {
    const { posted, ids, send } = listen();
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    send(
      [1, 2, 3].map((id) => ({ id, ...rawJob(id), bytes: id === 2 ? Uint8Array.of(1) : rawJob(id).bytes })),
    );
    await vi.waitFor(() => expect(ids()).toEqual([[1, 2, 3]]));
    clock.mockRestore();
    expect(posted.flat().map((reply) => "error" in reply)).toEqual([false, true, false]);
  });

  test("a frame that takes long is not held back for those after it", async () => {
    const { ids, send } = listen();
    const clock = vi.spyOn(performance, "now");
    let now = 0;
    clock.mockImplementation(() => (now += 3));
    send([1, 2, 3, 4, 5].map((id) => ({ id, ...rawJob(id) })));
    await vi.waitFor(() => expect(ids().flat()).toHaveLength(5));
    clock.mockRestore();
    expect(ids()).toEqual([[1, 2], [3, 4], [5]]);
  });
});

describe("ends", () => {
  test("a worker that dies is replaced; its frames are rejected by name, waiting ones are not", async () => {
    const scripts = [scriptedWorker(), scriptedWorker()];
    let started = 0;
    const pool = openPool(() => scripts[started++].worker, 1);
    const all = Array.from({ length: 5 }, (_, i) => pool.decode(rawJob(i + 1)));
    const outcomes = Promise.allSettled(all);
    await turn();
    scripts[0].answer(1);
    scripts[0].die("out of memory");
    scripts[0].die("a second report of the same death");
    await turn();
    expect(scripts[0].terminated()).toBe(true);
    expect(scripts[1].sent()).toEqual([5]);
    scripts[1].answer(5);
    const results = await outcomes;
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "rejected",
      "fulfilled",
    ]);
    expect(results[2]).toMatchObject({
      reason: {
        code: "decode-failed",
        message: "slice-3.dcm: the decode worker died (out of memory)",
        fields: { file: "slice-3.dcm", transferSyntax: rawFrame.transferSyntax },
      },
    });
  });

  test("where no worker can be started, jobs are rejected instead of waiting for ever", async () => {
    const pool = openPool(() => {
      throw new Error("blocked by the page's policy");
    }, 2);
    const error = await pool.decode(rawJob(1)).catch((reason) => reason);
    // The page is to blame, not the file.
    expect(error).toMatchObject({
      code: "worker-failed",
      message: expect.stringMatching(/^a worker could not be started \(blocked by the page's policy\)/),
      cause: { message: "blocked by the page's policy" },
    });
    expect(error.fields).not.toHaveProperty("file");
  });

  test("destroy ends the workers and rejects all that is left, once", async () => {
    const script = scriptedWorker();
    const pool = openPool(() => script.worker, 1, { maxQueued: 1 });
    const jobs = Array.from({ length: 6 }, (_, i) => pool.decode(rawJob(i)));
    const outcomes = Promise.allSettled(jobs);
    await turn();
    const held = pool.ready();
    pool.destroy();
    pool.destroy();
    await held;
    expect(script.terminated()).toBe(true);
    for (const result of await outcomes) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "destroyed" } });
    }
    await expect(pool.decode(rawJob(1))).rejects.toMatchObject({ code: "destroyed" });
  });

  test.each([0, -1, 1.5, Number.NaN])("a size of %s is refused", (size) => {
    expect(() => createDecodePool({ spawn: () => scriptedWorker().worker, size })).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
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
