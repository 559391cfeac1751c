import { expect, test } from "vitest";
import { barChart, histogramOf } from "../../src/node/cohort/figures/bars.js";
import { boxChart } from "../../src/node/cohort/figures/box.js";
import { ticksOf } from "../../src/node/cohort/figures/chart.js";
import { violinChart } from "../../src/node/cohort/figures/violin.js";

const TEXT = { title: 'Age < 50 & "more"', valueLabel: "years" };

/** Names of elements and their attributes; fails where tags do not close in order. */
function elementsOf(figure: string): { name: string; attributes: Record<string, string> }[] {
  const open: string[] = [];
  const elements: ReturnType<typeof elementsOf> = [];
  for (const [, end, name, written, alone] of figure.matchAll(/<(\/?)(\w+)([^<>]*?)(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name);
    else {
      const attributes = Object.fromEntries(
        [...written.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, k, v]) => [k, v]),
      );
      elements.push({ name, attributes });
      if (!alone) open.push(name);
    }
  }
  expect(open).toEqual([]);
  expect(figure).not.toMatch(/NaN|undefined|Infinity/);
  return elements;
}

const numbers = (elements: ReturnType<typeof elementsOf>, name: string, attribute: string) =>
  elements.filter((one) => one.name === name).map(({ attributes }) => Number(attributes[attribute]));

test("a box plot: quartiles, whiskers within 1.5 ranges, a dot beyond", () => {
  const elements = elementsOf(
    boxChart(TEXT, [
      ["A", [1, 2, 3, 4, 20]],
      ["B", [5]],
      ["C", []],
    ]),
  );
  const [y20] = numbers(elements, "circle", "cy");
  expect(numbers(elements, "circle", "cy")).toHaveLength(1);
  const boxes = elements.filter(({ name, attributes }) => name === "rect" && attributes.stroke);
  expect(boxes).toHaveLength(2);
  // One to 20 in pixels, from the box of 2 to 4.
  const [{ attributes }] = boxes;
  const perUnit = Number(attributes.height) / 2;
  expect(Number(attributes.y) - y20).toBeCloseTo(16 * perUnit, 0);
});

test("a violin: as wide at most as its group, a dot a value; one value is a line", () => {
  const elements = elementsOf(
    violinChart(TEXT, [
      ["A", [1, 2, 2, 3]],
      ["B", [4]],
    ]),
  );
  expect(elements.filter(({ name }) => name === "polygon")).toHaveLength(1);
  expect(numbers(elements, "circle", "cy")).toHaveLength(5);
});

test("bars: heights as values, from 0; what is written is escaped", () => {
  const bars = {
    groups: ["a<b", "c"],
    series: [
      { name: "M", values: [1, 4] },
      { name: "F", values: [0, 2] },
    ],
  };
  const figure = barChart(TEXT, bars, String);
  const heights = numbers(elementsOf(figure), "rect", "height").slice(1, 5);
  expect(heights[1] / heights[0]).toBeCloseTo(4, 1);
  expect(heights[1] / heights[3]).toBeCloseTo(2, 1);
  expect(heights[2]).toBe(0);
  expect(figure).toContain("a&#60;b");
});

test("a histogram counts each value once, 1 in the last interval", () => {
  const { series, groups } = histogramOf([{ name: "A", values: [0, 0.124, 0.126, 1] }], 8, 1);
  expect(series[0].values).toEqual([2, 1, 0, 0, 0, 0, 0, 1]);
  expect(groups[0]).toBe("0.06");
});

test.each([
  [0, 305, [0, 100, 200, 300, 400]],
  [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [38, 92, [20, 40, 60, 80, 100]],
  [5, 5, [5, 5.2, 5.4, 5.6, 5.8, 6]],
])("ticks of %d to %d", (low, high, expected) => {
  const rounded = ticksOf(low, high).map((tick) => Number(tick.toFixed(9)));
  expect(rounded).toEqual(expected);
});

test("nothing to show is an empty chart", () => {
  elementsOf(boxChart(TEXT, []));
  elementsOf(violinChart(TEXT, [["A", []]]));
  elementsOf(barChart(TEXT, { groups: [], series: [] }));
});
