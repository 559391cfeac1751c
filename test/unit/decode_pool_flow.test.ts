import { describe, expect, test, vi } from "vitest";
import { codecFor } from "../../src/decode/codec_modules.js";
import type { DecodeReply, DecodeRequest, DecodeTask } from "../../src/decode/pool/messages.js";
import { createDecodePool } from "../../src/decode/pool/pool.js";
import { handleDecodeMessages } from "../../src/decode/pool/worker.js";
import { openPool, rawFrame, rawJob, scriptedWorker, turn } from "../support/decode_pools.js";

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
