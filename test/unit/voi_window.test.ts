import { describe, expect, test } from "vitest";
import { bytesSource } from "../../src/core/byte_source.js";
import { parseSlice } from "../../src/dicom/image/parse_header.js";
import { seriesWindow } from "../../src/dicom/image/voi_window.js";
import { fileWindow } from "../../src/volume/file_window.js";
import type { ProcessingHistory } from "../../src/volume/history.js";
import {
  CT_PIXELS,
  type CtFields,
  ctElements,
  EXPLICIT,
  element,
  file,
  item,
  joined,
} from "../support/dicom_file.js";
import { positionsFrom, stackFiles } from "../support/generated_stack.js";
import { readSeries } from "../support/read_series.js";

// The file's own window (PS3.3 C.11.2): docs/series.md, section 6.

async function windowsOf(fields: CtFields, more: readonly Uint8Array[] = []) {
  const elements = [...ctElements(fields), ...more, element("7fe0,0010", "OW", CT_PIXELS)];
  return (await parseSlice(bytesSource("a", file({ transferSyntax: EXPLICIT, elements })))).windows;
}

describe("of an image", () => {
  test("several, with what they are called; LINEAR unless told", async () => {
    const fields = { "0028,1050": "-600\\40", "0028,1051": "1500\\400.5", "0028,1055": "LUNG\\SOFT" };
    expect(await windowsOf(fields)).toEqual([
      { centerHu: -600, widthHu: 1500, voiFunction: "LINEAR", explanation: "LUNG" },
      { centerHu: 40, widthHu: 400.5, voiFunction: "LINEAR", explanation: "SOFT" },
    ]);
    expect(await windowsOf({})).toBeUndefined();
  });

  test.each([
    ["SIGMOID", "400", "SIGMOID"],
    ["LINEAR_EXACT", "400", "LINEAR_EXACT"],
    ["LINEAR", "1", "LINEAR"],
    ["LINEAR", "0.99", "LINEAR_EXACT"],
    ["ELSE", "400", "LINEAR"],
  ])("function %s of width %s is %s", async (name, width, voiFunction) => {
    const fields = { "0028,1050": "40", "0028,1051": width, "0028,1056": name };
    expect(await windowsOf(fields)).toEqual([{ centerHu: 40, widthHu: Number(width), voiFunction }]);
  });

  test("what is no window is left out, and refuses nothing", async () => {
    for (const [center, width] of [
      ["40", "0"],
      ["40", "-5"],
      ["n/a", "400"],
      ["40", ""],
      ["40", undefined],
    ] as const)
      expect(await windowsOf({ "0028,1050": center, "0028,1051": width })).toBeUndefined();
    expect(await windowsOf({ "0028,1050": "n/a\\40", "0028,1051": "400\\80" })).toMatchObject([
      { centerHu: 40 },
    ]);
  });

  test("a VOI LUT: the range over which it changes, where there is no window", async () => {
    const words = (...numbers: number[]) => new Uint8Array(Uint16Array.from(numbers).buffer);
    const lut = element(
      "0028,3010",
      "SQ",
      item(
        joined([
          element("0028,3002", "US", words(6, 100, 16)),
          element("0028,3006", "OW", words(0, 0, 10, 20, 30, 30)),
        ]),
      ),
    );
    const range = { centerHu: 102.5, widthHu: 3, voiFunction: "LINEAR_EXACT", explanation: "VOI LUT" };
    expect(await windowsOf({}, [lut])).toEqual([range]);
    expect(await windowsOf({ "0028,1050": "40", "0028,1051": "80" }, [lut])).toMatchObject([
      { centerHu: 40 },
    ]);
  });
});

describe("of a series", () => {
  const of = async (centers: readonly (string | undefined)[]) => {
    const files = stackFiles({
      positions: positionsFrom([0, 0, 0], [0, 0, 2], centers.length),
      fields: (k) => ({ "0028,1050": centers[k], "0028,1051": centers[k] && "400" }),
    });
    const [series] = await readSeries(files);
    return series.window?.centerHu;
  };

  test("that of most slices; of several as frequent the one nearest to the middle; none where there is none", async () => {
    expect(await of(["10", "20", "20", "30"])).toBe(20);
    expect(await of(["10", "10", "20", "30", "30"])).toBe(10);
    expect(await of(["10", "11", "12", "13", "14"])).toBe(12);
    expect(await of([undefined, undefined, "12", undefined])).toBe(12);
    expect(await of([undefined, undefined])).toBeUndefined();
    expect(seriesWindow([])).toBeUndefined();
  });
});

test("goes with what keeps values, and with nothing else", () => {
  const window = { centerHu: 40, widthHu: 400, voiFunction: "LINEAR" } as const;
  const source = { slices: 1, transferSyntaxes: [], ordering: "", repairs: [], window };
  const entry = (operation: string, inputs: ProcessingHistory[] = []): ProcessingHistory => ({
    hounsfield: "",
    adapter: "",
    operation,
    options: {},
    inputs,
  });
  const loaded = { ...entry("loadVolume"), source };
  expect(fileWindow({ history: loaded })).toEqual(window);
  expect(fileWindow({ history: entry("crop", [entry("resample", [loaded])]) })).toEqual(window);
  for (const operation of ["gradientMagnitude", "mapVolume"])
    expect(fileWindow({ history: entry(operation, [loaded]) })).toBeUndefined();
  expect(fileWindow({ history: entry("unrecorded") })).toBeUndefined();
});
