import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { Repair } from "../../src/dicom/geometry/geometry_faults.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import type { CtFields } from "../support/dicom_file.js";
import { AXIAL, type Point, stackFiles } from "../support/generated_stack.js";

// One stack whose headers tear it apart: docs/series.md, section 2.

const STUDY = "0020,000d";
const SERIES = "0020,000e";
const FRAME = "0020,0052";
const KERNEL = "0018,1210";
const ACQUISITION = "0020,0012";

/** Slices along z, 2 mm thick, as `fields` says of each; `hu` tells volumes apart. */
function stack(
  zs: readonly number[],
  fields: (k: number) => CtFields = () => ({}),
  { prefix = "", orientation = AXIAL as readonly number[], shear = 0 } = {},
): ByteSource[] {
  return stackFiles({
    positions: zs.map((z): Point => [0, shear * z, z]),
    orientation,
    name: (k) => `${prefix}${k}`,
    fields,
    hu: (_, k) => k + 100 * prefix.length,
  });
}

/** Of each series: names of its slices, and what its refusal would allow or its code. */
async function listed(sources: readonly ByteSource[], allow: readonly Repair[] = []) {
  const { series } = await listSeries(sources, { allow });
  return series.map(({ slices, refusal, diagnostics }) => {
    const names = slices.map(({ source }) => source.name).join(" ");
    const torn = diagnostics.find(({ code }) => code === "joined" || code === "one-even-line")?.code;
    if (!refusal) return [names, torn].filter(Boolean).join(": ");
    const helps = isHounsfieldError(refusal, "unfaithful-geometry") ? refusal.fields.allow : undefined;
    return `${names}: refused, ${helps?.join(",") ?? "nothing helps"}`;
  });
}

const FIVE = [0, 2, 4, 6, 8];
const ALL = "0 1 2 3 4";
const own = (tag: string) => (k: number) => ({ [tag]: `1.2.3.9.${k}` });
const from = (first: number, tag: string) => (k: number) => ({ [tag]: k < first ? "1.2.3.8" : "1.2.3.9" });

describe("roundings, by rule", () => {
  const spacing = (percent: number) => (k: number) => ({
    "0028,0030": `${0.75 * (1 + (k % 2 === 0 ? percent / 100 : 0))}\\0.5`,
  });
  test("Pixel Spacing within 0.1 %, not beyond", async () => {
    expect(await listed(stack(FIVE, spacing(0.016)))).toEqual([`${ALL}: joined`]);
    expect(await listed(stack(FIVE, spacing(0.099)))).toEqual([`${ALL}: joined`]);
    expect(await listed(stack(FIVE, spacing(0.101)))).toEqual(["0 2 4", "1 3"]);
    const { series } = await listSeries(stack(FIVE, spacing(0.016)));
    expect(series[0].diagnostics.find(({ code }) => code === "joined")?.message).toContain(
      "Pixel Spacing by up to 0.016 %",
    );
  });

  const cosines = (jitter: number) => (k: number) => ({
    "0020,0037": k % 2 === 0 ? AXIAL.join("\\") : `1\\${jitter}\\0\\${-jitter}\\1\\0`,
  });
  test("Image Orientation within 0.0005, not beyond", async () => {
    expect(await listed(stack(FIVE, cosines(2e-4)))).toEqual([`${ALL}: joined`]);
    expect(await listed(stack(FIVE, cosines(4.9e-4)))).toEqual([`${ALL}: joined`]);
    expect(await listed(stack(FIVE, cosines(5.1e-4)))).toEqual(["0 2 4", "1 3"]);
  });

  test("an orientation that leans by so little is no tilt of a long stack", async () => {
    const zs = Array.from({ length: 200 }, (_, k) => 2 * k);
    const lean = (k: number) => ({ "0020,0037": k === 0 ? "1\\0\\0\\0\\1\\2e-4" : AXIAL.join("\\") });
    expect((await listed(stack(zs, lean)))[0]).toMatch(/: joined$/);
  });

  test("with a slice missing, or a tilt: these are then the faults", async () => {
    expect(await listed(stack([0, 2, 4, 8, 10], spacing(0.016)))).toEqual([`${ALL}: refused, gaps`]);
    expect(await listed(stack(FIVE, spacing(0.016), { shear: 0.3 }))).toEqual([`${ALL}: refused, tilt`]);
  });

  test("descending and sagittal", async () => {
    expect(await listed(stack([8, 6, 4, 2, 0], spacing(0.016)))).toEqual(["4 3 2 1 0: joined"]);
    const sagittal = stackFiles({
      positions: FIVE.map((x): Point => [x, 0, 0]),
      orientation: [0, 1, 0, 0, 0, -1],
      name: String,
      fields: spacing(0.016),
    });
    expect(await listed(sagittal)).toEqual(["4 3 2 1 0: joined"]);
  });

  test.each<[string, (k: number) => CtFields]>([
    ["kernels", (k) => ({ [KERNEL]: k % 2 ? "SOFT" : "SHARP" })],
    ["tube voltages", (k) => ({ "0018,0060": k % 2 ? "80" : "140" })],
    ["acquisitions that take turns", (k) => ({ [ACQUISITION]: String(k % 2) })],
    ["thicknesses", (k) => ({ "0018,0050": k % 2 ? "2" : "3" })],
  ])("two %s between each other are two stacks", async (_, fields) => {
    const sources = stack(FIVE, (k) => ({ ...spacing(0.016)(k), ...fields(k) }));
    expect(await listed(sources)).toEqual(["0 2 4", "1 3"]);
  });

  test("two reconstructions at the same places stay two, as do stacks that are apart", async () => {
    const again = [
      ...stack(FIVE, spacing(0), { prefix: "a" }),
      ...stack(FIVE, () => spacing(0.016)(0), { prefix: "b" }),
    ];
    expect(await listed(again)).toEqual(["a0 a1 a2 a3 a4", "b0 b1 b2 b3 b4"]);
    const far = [
      ...stack([0, 2, 4], spacing(0), { prefix: "a" }),
      ...stack([20, 22, 24], () => spacing(0.016)(0), { prefix: "b" }),
    ];
    expect(await listed(far)).toEqual(["a0 a1 a2", "b0 b1 b2"]);
  });

  test("times of one region, all torn alike, are joined and then divided", async () => {
    const times = [0, 1, 2].flatMap((time) =>
      stack(FIVE, (k) => ({ ...spacing(0.016)(k), "0020,0100": String(time) }), {
        prefix: "t".repeat(time + 1),
      }),
    );
    const found = await listed(times);
    expect(found).toEqual(["t", "tt", "ttt"].map((t) => `${FIVE.map((_, k) => t + k).join(" ")}: joined`));
  });
});

describe("identifiers that are missing in some, by rule", () => {
  test.each([
    ["Frame of Reference UID", FRAME],
    ["Series Instance UID", SERIES],
    ["Study Instance UID", STUDY],
    ["Image Orientation", "0020,0037"],
  ])("%s", async (_, tag) => {
    const value = tag === "0020,0037" ? AXIAL.join("\\") : "1.2.3.7";
    const some = (k: number) => ({ [tag]: k % 3 === 0 ? undefined : value });
    expect(await listed(stack(FIVE, some))).toEqual([`${ALL}: joined`]);
  });

  test("and Image Orientation of zeros in some", async () => {
    const some = (k: number) => ({ "0020,0037": (k === 2 ? [0, 0, 0, 0, 0, 0] : AXIAL).join("\\") });
    expect(await listed(stack(FIVE, some))).toEqual([`${ALL}: joined`]);
  });
});

describe("identifiers that differ: an assumption", () => {
  test.each([
    ["Frame of Reference", FRAME],
    ["Series", SERIES],
  ])("another %s UID in each slice", async (_, tag) => {
    expect(await listed(stack(FIVE, own(tag)))).toEqual([`${ALL}: refused, joined`]);
    expect(await listed(stack(FIVE, own(tag)), ["joined"])).toEqual([`${ALL}: joined`]);
    expect(await listed(stack([8, 6, 4, 2, 0], own(tag)))).toEqual(["4 3 2 1 0: refused, joined"]);
    expect(await listed(stack([0, 2, 6, 8], own(tag)))).toEqual(["0 1 2 3: refused, joined,gaps"]);
    expect(await listed(stack(FIVE, own(tag), { shear: 0.3 }))).toEqual([`${ALL}: refused, joined,tilt`]);
  });

  test("two slices: only where a header states the step between them", async () => {
    expect(await listed(stack([0, 2], own(FRAME)))).toEqual(["0 1: refused, joined"]);
    expect(await listed(stack([0, 5], own(FRAME)))).toEqual(["0", "1"]);
  });

  test("slices on no even line are not held together", async () => {
    expect(await listed(stack([0, 2, 5, 6.1, 9], own(FRAME)), ["joined"])).toHaveLength(5);
  });

  test("one slice of another frame of reference, at the end or within: no short stack without a word", async () => {
    const one = (k: number) => (at: number) => ({ [FRAME]: at === k ? "1.2.3.9" : "1.2.3.8" });
    expect(await listed(stack(FIVE, one(4)))).toEqual([`${ALL}: refused, joined`]);
    expect(await listed(stack(FIVE, one(2)))).toEqual([`${ALL}: refused, joined`]);
  });

  test("two stacks, one after the other, are volumes of their own and are told of it", async () => {
    const sources = stack([0, 2, 4, 6, 8, 10], from(3, FRAME));
    expect(await listed(sources)).toEqual(["0 1 2: one-even-line", "3 4 5: one-even-line"]);
    const { series } = await listSeries(sources);
    expect(() => chooseSeries(series)).toThrow(
      expect.objectContaining({ fields: expect.objectContaining({ allow: ["joined"] }) }),
    );
    expect(await listed(sources, ["joined"])).toEqual(["0 1 2 3 4 5: joined"]);
  });

  test("a slice of another series that continues a stack does not stand in its way", async () => {
    const sources = stack(FIVE, from(4, SERIES));
    expect(await listed(sources)).toEqual(["0 1 2 3: one-even-line", "4: one-even-line"]);
    const { series } = await listSeries(sources);
    const { slices, diagnostics } = chooseSeries(series);
    expect(slices).toHaveLength(4);
    expect(diagnostics.filter(({ severity }) => severity === "warning").map(({ code }) => code)).toEqual([
      "one-even-line",
      "series-set-aside",
    ]);
  });

  test.each<[string, (k: number) => CtFields, number]>([
    ["other studies", (k) => ({ [STUDY]: `1.2.${k}` }), 5],
    ["no study at all", () => ({ [STUDY]: undefined }), 5],
    ["other kernels", (k) => ({ [KERNEL]: `K${k}` }), 5],
    ["other series numbers", (k) => ({ "0020,0011": String(k) }), 5],
    ["other descriptions", (k) => ({ "0008,103e": `Part ${k}` }), 5],
    ["other sizes", (k) => ({ "0018,0060": String(80 + k) }), 5],
  ])("never where there are %s", async (_, fields, count) => {
    const sources = stack(FIVE, (k) => ({ ...own(SERIES)(k), ...fields(k) }));
    expect(await listed(sources, ["joined"])).toHaveLength(count);
  });

  test("never two scans between each other, nor images at one place", async () => {
    const turns = (tag: string) => (k: number) => ({ [tag]: `1.2.3.${k % 2}` });
    const zs = [0, 2, 4, 6, 8, 10];
    expect(await listed(stack(zs, turns(FRAME)), ["joined"])).toEqual(["0 2 4", "1 3 5"]);
    expect(await listed(stack(FIVE, turns(SERIES)), ["joined"])).toEqual(["0 2 4", "1 3"]);
    const again = [
      ...stack(FIVE, own(SERIES)),
      ...stack([4], () => ({ [SERIES]: "1.2.3.77" }), { prefix: "x" }),
    ];
    expect(await listed(again, ["joined"])).toHaveLength(6);
  });

  test("a copy of a slice among torn ones is dropped", async () => {
    const sources = stack(FIVE, own(FRAME));
    const copy = { ...sources[2], name: "copy" };
    expect(await listed([...sources, copy], ["joined"])).toEqual([`${ALL}: joined`]);
  });

  test("pieces beside a stack of the same places are held together all the same", async () => {
    const whole = stack(FIVE, () => ({ [SERIES]: "1.2.3.50" }), { prefix: "w" });
    expect(await listed([...stack(FIVE, own(SERIES)), ...whole])).toEqual([
      "w0 w1 w2 w3 w4",
      `${ALL}: refused, joined`,
    ]);
  });
});
