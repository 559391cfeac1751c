// Over 300 lines: the rules by which images part into volumes, each a few lines, on the same generated
// stacks.
import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/core/byte_source.js";
import { bytesSource } from "../../src/core/byte_source.js";
import { chooseSeries } from "../../src/dicom/series/choose_series.js";
import { listSeries } from "../../src/dicom/series/list_series.js";
import { type CtFields, EXPLICIT, element, file, item } from "../support/dicom_file.js";
import { type Point, stackFiles } from "../support/generated_stack.js";
import { readSeries } from "../support/read_series.js";

/**
 * Images of volume `time` at each z; their pixels tell them apart, and nothing else but what `fields` says.
 */
function volumeOf(
  time: number,
  zs: readonly number[],
  fields: (k: number) => CtFields = () => ({}),
  folder = "",
): ByteSource[] {
  return stackFiles({
    positions: zs.map((z): Point => [0, 0, z]),
    hu: (_, k) => 100 * time + k,
    name: (k) => `${folder}${(k * 7919 + time * 13) % 1000}-${time}-${k}`,
    fields,
  });
}

const ZS = [0, 2, 4, 6];
const shuffled = (sources: readonly ByteSource[]) =>
  [...sources].sort((a, b) =>
    a.name.split("").reverse().join("") < b.name.split("").reverse().join("") ? -1 : 1,
  );

/**
 * What each series is called and which slices, as time-slice, it has in order; refused ones as their code.
 */
async function listed(sources: readonly ByteSource[]) {
  const { series } = await listSeries(shuffled(sources));
  return series.map(({ part, slices, refusal }) => [
    part,
    refusal?.code ??
      slices.map(({ source }) => source.name.split("/").at(-1)!.split("-").slice(1).join("-")).join(" "),
  ]);
}

const THREE = [0, 1, 2].map((time) => ZS.map((_, k) => `${time}-${k}`).join(" "));

describe("several volumes of one place", () => {
  test.each<[string, string, (time: number, k: number) => CtFields]>([
    ["a temporal position", "temporal position", (time) => ({ "0020,0100": String(time + 1) })],
    ["an acquisition number", "acquisition number", (time) => ({ "0020,0012": String(time + 5) })],
    ["a trigger time", "trigger time", (time) => ({ "0018,1060": String(100 * time) })],
    ["a kernel", "kernel", (time) => ({ "0018,1210": `K${time}` })],
    ["a tube voltage", "KVP", (time) => ({ "0018,0060": String(80 + time) })],
    ["an image type", "image type", (time) => ({ "0008,0008": `ORIGINAL\\PRIMARY\\AXIAL\\P${time}` })],
    ["an acquisition time", "acquisition time", (time) => ({ "0008,0032": `10000${time}.5` })],
    // Each rotation at its own moment, one pass after the other.
    ["clocks", "acquisition time", (time, k) => ({ "0008,0032": `1000${time}${k}` })],
    ["clocks of the images", "content time", (time, k) => ({ "0008,0033": `1000${time}${k}` })],
    ["numbers, volume by volume", "instance number", (time, k) => ({ "0020,0013": String(10 * time + k) })],
    ["numbers, place by place", "instance number", (time, k) => ({ "0020,0013": String(3 * k + time) })],
    // An acquisition at each place and time, as axial perfusion has them.
    ["acquisitions", "acquisition number", (time, k) => ({ "0020,0012": String(20 * time + k) })],
  ])("told apart by %s", async (_, name, fields) => {
    const sources = [0, 1, 2].flatMap((time) => volumeOf(time, ZS, (k) => fields(time, k)));
    const found = await listed(sources);
    expect(found.map(([, slices]) => slices)).toEqual(THREE);
    for (const [part] of found) expect(part).toMatch(new RegExp(`^${name} `));
  });

  test("phases and kernels together", async () => {
    const sources = [0, 1, 2, 3].flatMap((n) =>
      volumeOf(n, ZS, () => ({ "0020,0100": String(n % 2), "0018,1210": n < 2 ? "SOFT" : "SHARP" })),
    );
    expect((await listed(sources)).map(([part]) => part)).toEqual([
      "temporal position 0, kernel SHARP",
      "temporal position 0, kernel SOFT",
      "temporal position 1, kernel SHARP",
      "temporal position 1, kernel SOFT",
    ]);
  });

  test("acquisitions that overlap by some slices, meeting or between each other", async () => {
    const neck = volumeOf(0, [0, 2, 4, 6, 8, 10], () => ({ "0020,0012": "1" }));
    const chest = volumeOf(1, [8, 10, 12, 14, 16], () => ({ "0020,0012": "2" }));
    const expected = [
      ["acquisition number 1", "0-0 0-1 0-2 0-3 0-4 0-5"],
      ["acquisition number 2", "1-0 1-1 1-2 1-3 1-4"],
    ];
    expect(await listed([...neck, ...chest])).toEqual(expected);
    const between = volumeOf(1, [7.3, 9.3, 11.3, 13.3, 15.3], () => ({ "0020,0012": "2" }));
    expect(await listed([...neck, ...between])).toEqual(expected);
  });

  test("acquisitions that follow each other are one volume", async () => {
    const sources = volumeOf(0, [0, 2, 4, 6, 8], (k) => ({ "0020,0012": String(k) }));
    expect(await listed(sources)).toEqual([[undefined, "0-0 0-1 0-2 0-3 0-4"]]);
  });

  test("each is described, said and chosen by its number", async () => {
    const sources = [0, 1].flatMap((time) => volumeOf(time, ZS, () => ({ "0020,0100": String(time + 1) })));
    const { series } = await listSeries(sources);
    expect(series[0].diagnostics[0]).toMatchObject({ code: "several-volumes", severity: "info" });
    expect(() => chooseSeries(series)).toThrow(
      /1: CT "Chest", temporal position 1, 4 slices .*; 2: CT "Chest", temporal position 2/,
    );
    expect(() => chooseSeries(series, "1.2.3.1")).toThrow(/2 series where one is needed/);
    expect(chooseSeries(series, 2).part).toBe("temporal position 2");
  });

  test("that nothing tells apart are refused, with both names", async () => {
    const sources = [0, 1].flatMap((time) => volumeOf(time, ZS));
    expect(await listed(sources)).toEqual([[undefined, "unfaithful-geometry"]]);
    const { series } = await listSeries(sources);
    expect(series[0].refusal?.message).toMatch(
      /slices have a duplicate position \(first: 0-0-0 and .*1-0 .* no attribute separates them/,
    );
  });

  test("numbers that run in no order are no reason", async () => {
    const numbers = [3, 1, 7, 5, 2, 8, 6, 4];
    const sources = [0, 1].flatMap((time) =>
      volumeOf(time, ZS, (k) => ({ "0020,0013": String(numbers[4 * time + k]) })),
    );
    expect(await listed(sources)).toEqual([[undefined, "unfaithful-geometry"]]);
  });

  test("one place again and again is a time series of slices; other Slice Locations make it none", async () => {
    const clock = (k: number) => ({ "0008,0033": `10000${k}`, "0018,0088": "2" });
    const monitoring = volumeOf(0, [5, 5, 5], clock);
    expect((await listed(monitoring)).map(([part]) => part)).toEqual(
      [1, 2, 3].map((n) => `content time ${n} of 3`),
    );
    const contradicting = volumeOf(0, [5, 5, 5], (k) => ({ ...clock(k), "0020,1041": String(k) }));
    expect(await listed(contradicting)).toEqual([[undefined, "unfaithful-geometry"]]);
  });

  test("of two folders, where nothing else tells them apart", async () => {
    const sources = [0, 1].flatMap((time) => volumeOf(time, ZS, () => ({ "0020,000e": "" }), `p${time}/`));
    expect(await listed(sources)).toEqual([
      ["folder 1 of 2", THREE[0]],
      ["folder 2 of 2", THREE[1]],
    ]);
  });
});

describe("images that are there twice", () => {
  const again = (sources: readonly ByteSource[]) =>
    sources.map((source) => ({ ...source, name: `z${source.name}` }));

  test("equal pixels: one is kept, by name the first, and it is said", async () => {
    const sources = volumeOf(0, ZS);
    const { series } = await listSeries([...again(sources.slice(1, 3)), ...sources]);
    expect(series[0].slices.map(({ source }) => source.name)).toEqual(sources.map(({ name }) => name));
    expect(series[0].diagnostics).toMatchObject([
      {
        severity: "warning",
        code: "duplicate-slices",
        files: [`z${sources[1].name}`, `z${sources[2].name}`],
      },
      {},
    ]);
  });

  test("empty, equal or missing identifiers are no duplicates", async () => {
    for (const uid of ["", "1.2.3.4", undefined, "6d0a2b9e-2f0c-4c3e-9f43-7a6b9b0a7c11"]) {
      const fields = { "0008,0018": uid, "0020,000e": uid, "0020,0052": uid, "0020,000d": uid };
      expect(await listed(volumeOf(0, ZS, () => fields))).toEqual([[undefined, THREE[0]]]);
    }
  });

  test("every image three times, renamed, in other folders, with other numbers", async () => {
    const sources = volumeOf(0, ZS);
    const numbered = volumeOf(0, ZS, (k) => ({ "0020,0013": String(k + 77) })).map((source) => ({
      ...source,
      name: `x/${source.name}`,
    }));
    expect(await listed([...sources, ...again(sources), ...numbered])).toEqual([[undefined, THREE[0]]]);
  });

  test("equal pixels under another clock are one image, where the clock makes no volumes", async () => {
    const fields = (k: number) => ({ "0008,0033": `10000${k}` });
    const copy = volumeOf(0, ZS, () => ({ "0008,0033": "200000" })).slice(2, 3);
    expect(await listed([...volumeOf(0, ZS, fields), ...again(copy)])).toEqual([[undefined, THREE[0]]]);
  });

  test("pixels are read only where two lie at one place; an abort is felt", async () => {
    let bytes = 0;
    const counted = (source: ByteSource): ByteSource => ({
      ...source,
      read: (start, end) => {
        bytes += end - start;
        return source.read(start, end);
      },
    });
    const sources = volumeOf(0, ZS);
    const headers = sources.reduce((sum, source) => sum + source.size, 0);
    await listSeries(sources.map(counted));
    expect(bytes).toBeLessThanOrEqual(headers);
    const stop = new AbortController();
    const stages: string[] = [];
    const aborted = listSeries([...sources, ...again(sources)], {
      signal: stop.signal,
      onProgress: ({ stage, done, total }) => {
        stages.push(`${stage} ${done}/${total}`);
        if (stage === "compare" && done === 2) stop.abort("enough");
      },
    });
    await expect(aborted).rejects.toBe("enough");
    expect(stages.slice(-2)).toEqual(["compare 1/4", "compare 2/4"]);
  });
});

describe("what is no stack is set aside by name", () => {
  test.each<[string, string, CtFields]>([
    ["localizer", "Image Type is LOCALIZER", { "0008,0008": "ORIGINAL\\PRIMARY\\LOCALIZER\\CT_SOM5 TOP" }],
    ["dose-page", "DOSE", { "0008,0008": "DERIVED\\SECONDARY\\DOSE_INFO" }],
    ["dose-page", "dose", { "0008,0016": "1.2.840.10008.5.1.4.1.1.7", "0008,103e": "Dose Report" }],
    ["localizer", "SCOUT", { "0008,0008": "ORIGINAL\\PRIMARY\\SCOUT" }],
    ["secondary-capture", "SCREEN SAVE", { "0008,0008": "DERIVED\\SECONDARY\\SCREEN SAVE" }],
    ["secondary-capture", "CT_SOM5 PROT", { "0008,0008": "DERIVED\\SECONDARY\\OTHER\\CT_SOM5 PROT" }],
    ["secondary-capture", "Secondary Capture", { "0008,0016": "1.2.840.10008.5.1.4.1.1.7.2" }],
  ])("%s: %s", async (role, reason, fields) => {
    const page = volumeOf(9, [100], () => fields);
    const { series } = await listSeries([...page, ...volumeOf(0, ZS)]);
    expect(series.map((one) => one.role)).toEqual(["stack", role]);
    expect(series[1].setAside).toContain(reason);
    const chosen = chooseSeries(series);
    expect(chosen.slices).toHaveLength(4);
    expect(chosen.diagnostics.at(-1)?.message).toContain(role);
  });

  test("RT dose grids and reports, each with its reason; reading strictly minds none of them", async () => {
    const dose = volumeOf(9, [0], () => ({
      "0008,0016": "1.2.840.10008.5.1.4.1.1.481.2",
      "0008,0060": "RTDOSE",
      "0028,0008": "1",
    }));
    const report = (n: number) => {
      const elements = [
        element("0008,0016", "UI", "1.2.840.10008.5.1.4.1.1.88.67"),
        element("0008,0060", "CS", "SR"),
        element("0010,0010", "PN", "DO^NOT^SHOW"),
        element("0020,000d", "UI", "1.2.3"),
        element(
          "0040,a043",
          "SQ",
          item(element("0008,0104", "LO", "a text of many more bytes than are needed here")),
        ),
      ];
      return bytesSource(`report-${n}`, file({ transferSyntax: EXPLICIT, elements }));
    };
    const sources = [...dose, ...[1, 2, 3].map(report), ...volumeOf(0, ZS)];
    const { series, skipped } = await listSeries(sources);
    expect(series.map(({ role, setAside }) => [role, setAside])).toEqual([
      ["stack", undefined],
      ["derived-object", "it is a RT dose grid, computed from images"],
    ]);
    expect(skipped.reasons).toEqual([
      {
        reason: "has no pixel data (is a radiation dose report, modality SR)",
        files: 3,
        examples: ["report-1", "report-2", "report-3"],
      },
    ]);
    expect((await readSeries(sources)).map(({ slices }) => slices.length)).toEqual([4]);
  });

  test("a slice without a position is not placed among others that have one", async () => {
    const location = (k: number) => ({ "0020,1041": String(ZS[k]) });
    const sources = volumeOf(0, ZS, (k) => ({ ...location(k), ...(k === 1 && { "0020,0032": "" }) }));
    const { series } = await listSeries(sources);
    expect(series.map(({ slices, refusal }) => [slices.length, refusal?.fields.allow])).toEqual([
      [3, ["gaps"]],
      [1, undefined],
    ]);
  });

  test("a slice without the rescale of the others is not among them: the gap it leaves is refused", async () => {
    const sources = volumeOf(0, ZS, (k) => (k === 2 ? { "0028,1052": "" } : {}));
    const { series } = await listSeries(sources);
    expect(series.map(({ slices, units, refusal }) => [slices.length, units, refusal?.fields.allow])).toEqual(
      [
        [3, "HU", ["gaps"]],
        [1, "unspecified", undefined],
      ],
    );
  });

  test("250 slices among localizers of two directions, dose page and junk", async () => {
    const zs = Array.from({ length: 250 }, (_, k) => Number((-1000.5 + 1.25 * k).toFixed(2)));
    const scout = (orientation: string, n: number) =>
      volumeOf(n, [0], () => ({ "0008,0008": "ORIGINAL\\PRIMARY\\LOCALIZER", "0020,0037": orientation }));
    const sources = [
      ...volumeOf(0, zs, () => ({ "0018,0050": "1.25" })),
      ...scout("0\\1\\0\\0\\0\\-1", 1),
      ...scout("1\\0\\0\\0\\0\\-1", 2),
      ...volumeOf(3, [0], () => ({ "0008,0008": "DERIVED\\SECONDARY\\DOSE REPORT", "0020,0037": undefined })),
    ];
    const { series } = await listSeries(shuffled(sources));
    expect(series.map(({ role, slices }) => [role, slices.length])).toEqual([
      ["stack", 250],
      ["localizer", 1],
      ["localizer", 1],
      ["dose-page", 1],
    ]);
    const { grid } = chooseSeries(series);
    expect(grid).toMatchObject({
      size: [8, 6, 250],
      spacingMm: [0.5, 0.75, 1.25],
      originMm: [0, 0, -1000.5],
    });
  });
});
