import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { HounsfieldError } from "../../src/core/errors.js";
import { prefetch } from "../../src/core/prefetch.js";
import { parseSlice } from "../../src/dicom/image/parse_header.js";
import { createByteBudget } from "../../src/volume/byte_budget.js";
import { type DecodeStored, storedFrames } from "../../src/volume/stored_frames.js";
import { ctElements, EXPLICIT, element, file } from "../support/dicom_file.js";

const FRAME_BYTES = 12;

/** Frames of 2 x 3 values, all of frame k being k. */
function header(frames: number) {
  const pixels = Uint8Array.from({ length: frames * FRAME_BYTES }, (_, i) =>
    i % 2 === 0 ? Math.floor(i / FRAME_BYTES) : 0,
  );
  const elements = [...ctElements({ "0028,0008": String(frames) }), element("7fe0,0010", "OW", pixels)];
  return parseSlice(bytesSource("many.dcm", file({ transferSyntax: EXPLICIT, elements })));
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("frames of one image", () => {
  test("come in order whatever is decoded first, within the budget and as far ahead as was said", async () => {
    let underWay = 0;
    let most = 0;
    const decode: DecodeStored = async (bytes) => {
      most = Math.max(most, ++underWay);
      for (let i = 0; i < 1 + ((7 * bytes[0]) % 5); i++) await turn();
      underWay--;
      return new Uint16Array(bytes.buffer);
    };
    const budget = createByteBudget(3 * 2 * FRAME_BYTES);
    const got: number[] = [];
    for await (const values of storedFrames(await header(20), { decode, ahead: 10, budget }))
      got.push(values[5]);
    expect(got).toEqual(Array.from({ length: 20 }, (_, k) => k));
    expect(most).toBe(3);
    // All of it was given back: the whole budget is free at once.
    await budget.take(3 * 2 * FRAME_BYTES);
  });

  test("one that fails ends them, with file and frame, and gives its budget back", async () => {
    const decode: DecodeStored = async (bytes, _, label) => {
      await turn();
      if (bytes[0] === 2) throw new HounsfieldError("decode-failed", `${label}: broken`, { file: label });
      return new Uint16Array(bytes.buffer);
    };
    const budget = createByteBudget(4 * 2 * FRAME_BYTES);
    const frames = storedFrames(await header(9), { decode, ahead: 3, budget });
    expect((await frames.next()).value![0]).toBe(0);
    expect((await frames.next()).value![0]).toBe(1);
    await expect(frames.next()).rejects.toMatchObject({
      code: "decode-failed",
      message: "many.dcm: broken (frame 2 of 9)",
      fields: { file: "many.dcm", frame: 2 },
    });
    await turn();
    await budget.take(4 * 2 * FRAME_BYTES);
  });

  test("two images share a budget that holds one frame, and both end", async () => {
    const decode: DecodeStored = async (bytes) => {
      await turn();
      return new Uint16Array(bytes.buffer);
    };
    const budget = createByteBudget(1);
    const count = async (frames: number) => {
      let seen = 0;
      for await (const _ of storedFrames(await header(frames), { decode, ahead: 4, budget })) seen++;
      return seen;
    };
    expect(await Promise.all([count(5), count(7), count(1)])).toEqual([5, 7, 1]);
  });
});

test("in order: starts no more than asked, and nothing behind a failure", async () => {
  const started: number[] = [];
  const results = prefetch(10, 2, async (i) => {
    started.push(i);
    if (i === 3) throw new Error("three");
    return i;
  });
  const got: number[] = [];
  await expect(
    (async () => {
      for await (const result of results) got.push(result);
    })(),
  ).rejects.toThrow("three");
  expect(got).toEqual([0, 1, 2]);
  expect(started).toEqual([0, 1, 2, 3, 4, 5]);
});

test("budget: first come, first served; what is larger than all goes alone", async () => {
  const budget = createByteBudget(10);
  const order: string[] = [];
  await budget.take(6);
  const large = budget.take(50).then(() => order.push("large"));
  const small = budget.take(1).then(() => order.push("small"));
  await turn();
  expect(order).toEqual([]);
  budget.giveBack(6);
  await large;
  expect(order).toEqual(["large"]);
  budget.giveBack(50);
  await small;
  expect(order).toEqual(["large", "small"]);
});

test("budget: all of it may be in use, and not a byte more", async () => {
  const budget = createByteBudget(10);
  let isTaken = false;
  await budget.take(4);
  const more = budget.take(7).then(() => {
    isTaken = true;
  });
  await turn();
  expect(isTaken).toBe(false);
  budget.giveBack(1);
  await more;
  const full = createByteBudget(10);
  await full.take(4);
  await full.take(6);
});
