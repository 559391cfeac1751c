import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { Repair } from "../../src/dicom/geometry/geometry_faults.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { clockValue } from "../../src/dicom/series/incomplete_ranks.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import type { CtFields } from "../support/dicom_file.js";
import { type Point, stackFiles } from "../support/generated_stack.js";

// Volumes of one region of which images are missing, and what does not stand in a stack's way:
// docs/series.md, sections 3 and 7.

const ZS = [0, 2, 4, 6, 8];
const time = (seconds: number) =>
  `12${String(Math.floor(seconds / 60)).padStart(2, "0")}${(seconds % 60).toFixed(1).padStart(4, "0")}`;

/** `count` times of five slices, named "time-slice", without those that `missing` names. */
function times(
  count: number,
  missing: readonly string[],
  fields: (time: number, k: number) => CtFields,
): ByteSource[] {
  return Array.from({ length: count }, (_, t) =>
    stackFiles({
      positions: ZS.map((z): Point => [0, 0, z]),
      hu: (_, k) => 100 * t + k,
      name: (k) => `${t}-${k}`,
      fields: (k) => fields(t, k),
    }),
  )
    .flat()
    .filter(({ name }) => !missing.includes(name));
}

/** What each series is called, its slices, and what its refusal would allow. */
async function listed(sources: readonly ByteSource[], allow: readonly Repair[] = []) {
  const { series } = await listSeries(sources, { allow });
  const lines = series.map(({ part, slices, refusal }) => {
    const names = slices.map(({ source }) => source.name).join(" ");
    const helps = isHounsfieldError(refusal, "unfaithful-geometry") ? refusal.fields.allow : undefined;
    return `${part}: ${names}${refusal ? ` refused, ${helps ?? "nothing helps"}` : ""}`;
  });
  return lines.sort();
}

const whole = (t: number) => ZS.map((_, k) => `${t}-${k}`).join(" ");

describe("one image of several times is missing", () => {
  test.each<[string, string, (t: number, k: number) => CtFields]>([
    ["a time of each image", "acquisition time", (t, k) => ({ "0008,0032": time(5 * t + 0.1 * k) })],
    [
      "a table that shuttles on without a pause",
      "acquisition time",
      (t, k) => ({ "0008,0032": time(5 * t + k) }),
    ],
    [
      "all times of a place, then the next place",
      "content time",
      (t, k) => ({ "0008,0033": time(100 * k + t) }),
    ],
    ["numbers, volume by volume", "instance number", (t, k) => ({ "0020,0013": String(5 * t + k + 1) })],
    ["numbers, place by place", "instance number", (t, k) => ({ "0020,0013": String(4 * k + t) })],
  ])("within and at an end, told by %s", async (_, name, fields) => {
    for (const k of [3, 4, 0]) {
      const left = ZS.map((_, i) => `2-${i}`)
        .toSpliced(k, 1)
        .join(" ");
      expect(await listed(times(4, [`2-${k}`], fields))).toEqual([
        `${name} 1 of 4: ${whole(0)}`,
        `${name} 2 of 4: ${whole(1)}`,
        `${name} 3 of 4: ${left} refused, gaps`,
        `${name} 4 of 4: ${whole(3)}`,
      ]);
    }
  });

  test("of a temporal position: refused also at an end, where the rest is even", async () => {
    const sources = times(3, ["1-4"], (t) => ({ "0020,0100": String(t + 1) }));
    expect(await listed(sources)).toEqual([
      `temporal position 1: ${whole(0)}`,
      "temporal position 2: 1-0 1-1 1-2 1-3 refused, gaps",
      `temporal position 3: ${whole(2)}`,
    ]);
    const { series } = await listSeries(sources);
    expect(series.find(({ refusal }) => refusal)?.refusal?.message).toContain(
      "temporal position 2 has no image at 8 mm along the normal, where others of its series have one",
    );
    const allowed = await listSeries(sources, { allow: ["gaps"] });
    const [short] = allowed.series.filter(({ slices }) => slices.length === 4);
    expect(short.refusal).toBeUndefined();
    expect(short.diagnostics.map(({ code }) => code)).toContain("part-incomplete");
  });

  test("an acquisition may be of a smaller region: it is told of", async () => {
    const sources = times(2, ["1-4"], (t) => ({ "0020,0012": String(t + 1) }));
    const { series } = await listSeries(sources);
    expect(series.map(({ refusal }) => refusal)).toEqual([undefined, undefined]);
    expect(series[1].diagnostics.map(({ code }) => code)).toContain("part-shorter");
  });

  test("two times: the one that an image is missing of is told by its clock", async () => {
    const fields = (t: number, k: number) => ({ "0008,0032": time(30 * t + 0.1 * k) });
    expect(await listed(times(2, ["0-2"], fields))).toEqual([
      "acquisition time 1 of 2: 0-0 0-1 0-3 0-4 refused, gaps",
      `acquisition time 2 of 2: ${whole(1)}`,
    ]);
  });

  test("nothing tells which: all are refused", async () => {
    const sources = times(3, ["1-2"], () => ({}));
    expect((await listed(sources)).map((line) => line.replace(/.*refused/, "refused"))).toEqual([
      "refused, nothing helps",
    ]);
    // Numbers in no order say nothing.
    const numbers = [7, 3, 12, 1, 9, 4, 14, 2, 8, 11, 5, 15, 6, 10, 13];
    const odd = times(3, ["1-2"], (t, k) => ({ "0020,0013": String(numbers[5 * t + k]) }));
    expect(await listed(odd)).toHaveLength(1);
  });

  test("missing at more than half of the places, they are no times of one region", async () => {
    const missing = ["2-0", "2-1", "2-2"];
    const sources = times(3, missing, (t, k) => ({ "0008,0032": time(5 * t + 0.1 * k) }));
    expect((await listed(sources)).filter((line) => !line.includes("refused"))).not.toContain("2-3 2-4");
  });
});

test("clocks are seconds, whatever they are written like", () => {
  expect(clockValue("120001.5") - clockValue("115959")).toBe(2.5);
  expect(clockValue("20260101000001.0") - clockValue("20251231235959")).toBe(2);
  expect(clockValue("12:00:01") - clockValue("120000")).toBe(1);
  expect([clockValue(7), clockValue("soon"), clockValue(undefined)]).toEqual([7, Number.NaN, Number.NaN]);
});

describe("what does not stand in the way of a stack", () => {
  const scan = (fields: CtFields = {}, name = "scan") =>
    stackFiles({
      positions: Array.from({ length: 9 }, (_, k): Point => [0, 0, 2 * k]),
      name: (k) => `${name}-${k}`,
      hu: (_, k) => k,
      fields: (k) => ({ "0008,0032": time(100 + k), "0020,0012": "3", ...fields }),
    });
  const monitoring = (z: number, count: number) =>
    stackFiles({
      positions: Array.from({ length: count }, (): Point => [0, 0, z]),
      name: (k) => `watch-${k}`,
      hu: (_, k) => 500 + k,
      fields: (k) => ({ "0008,0032": time(k), "0020,0012": "2" }),
    });

  test.each([
    ["at the place of a slice", 8, 11],
    ["beside the stack", 30, 6],
    ["once, at the place of a slice", 8, 1],
    ["between its slices", 7, 6],
  ])("images of contrast that arrives, %s", async (_, z, count) => {
    const { series } = await listSeries([...monitoring(z, count), ...scan()]);
    const chosen = chooseSeries(series);
    expect(chosen.slices.map(({ source }) => source.name)).toEqual(scan().map(({ name }) => name));
    expect(chosen.diagnostics).toContainEqual(
      expect.objectContaining({ severity: "warning", code: "series-set-aside" }),
    );
  });

  test("a projection of it, unless there is nothing else", async () => {
    const mip = scan({ "0008,0008": "DERIVED\\SECONDARY\\AXIAL\\MIP", "0020,000e": "1.2.3.66" }, "mip");
    const { series } = await listSeries([...mip, ...scan()]);
    expect(chooseSeries(series).slices[0].source.name).toBe("scan-0");
    expect(chooseSeries((await listSeries(mip)).series).slices).toHaveLength(9);
  });

  test("another stack does, of two slices as well; a stack that is refused is not passed over", async () => {
    const other = scan({ "0020,000e": "1.2.3.66", "0008,103e": "Other" }, "other").slice(0, 2);
    const { series } = await listSeries([...other, ...scan()]);
    expect(() => chooseSeries(series)).toThrow(/2 series where one is needed/);
    const gap = scan().toSpliced(4, 1);
    const watched = await listSeries([...monitoring(30, 3), ...gap]);
    expect(() => chooseSeries(watched.series)).toThrow(/missing/);
  });

  test("one image that could be the end of the stack, slices missing before it, is not passed over", async () => {
    const { series } = await listSeries([...monitoring(30, 1), ...scan()]);
    expect(() => chooseSeries(series)).toThrow(/6 slices are missing/);
  });

  test("single slices alone are still several", async () => {
    const { series } = await listSeries(monitoring(30, 3));
    expect(() => chooseSeries(series)).toThrow(/3 series where one is needed/);
  });
});
