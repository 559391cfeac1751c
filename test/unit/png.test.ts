import { decode } from "fast-png";
import { expect, test } from "vitest";
import { encodeColorPng, encodeGrayPng } from "../../src/formats/png.js";

const WINDOW = { center: 100, width: 200 };

test("the window maps its ends to black and white, and clips beyond", async () => {
  const values = Int16Array.of(-1000, 0, 50, 100, 200, 3000);
  const png = decode(await encodeGrayPng(values, WINDOW, { width: 3, height: 2 }));
  expect([png.width, png.height, png.channels, png.depth]).toEqual([3, 2, 1, 8]);
  expect([...png.data]).toEqual([0, 0, 64, 128, 255, 255]);
});

test("flipped rows show the last row on top", async () => {
  const values = Int16Array.of(0, 40, 100, 140, 160, 200);
  const png = decode(await encodeGrayPng(values, WINDOW, { width: 2, height: 3, flipRows: true }));
  expect([...png.data]).toEqual([204, 255, 128, 179, 0, 51]);
});

test("slices thicker than pixels come out in physical proportions", async () => {
  const width = 40;
  const height = 30;
  const values = Int16Array.from({ length: width * height }, (_, i) => 5 * Math.floor(i / width));
  const png = decode(await encodeGrayPng(values, WINDOW, { width, height, spacingMm: [0.75, 2] }));
  expect([png.width, png.height]).toEqual([40, 80]);
  const column = Array.from({ length: 80 }, (_, row) => png.data[row * 40 + 7]);
  // Edges aligned: a ramp stays a ramp from the first row's value to the last one's.
  expect([column[0], column[79]]).toEqual([0, Math.round((145 / 200) * 255)]);
  for (let row = 1; row < 80; row++) expect(column[row]).toBeGreaterThanOrEqual(column[row - 1]);
  expect(column[40]).toBe(Math.round(((5 * (40.5 * (30 / 80) - 0.5)) / 200) * 255));
});

test("columns farther apart than rows are resampled the same way", async () => {
  const values = Int16Array.of(0, 200, 0, 200);
  const png = decode(await encodeGrayPng(values, WINDOW, { width: 2, height: 2, spacingMm: [2, 1] }));
  expect([png.width, png.height]).toEqual([4, 2]);
  expect([...png.data.slice(0, 4)]).toEqual([0, 64, 191, 255]);
});

test("wrong sizes, spacings and windows are refused", async () => {
  const refused = expect.objectContaining({ code: "invalid-option" });
  const values = new Int16Array(4);
  await expect(encodeGrayPng(values, WINDOW, { width: 3, height: 2 })).rejects.toEqual(refused);
  await expect(encodeGrayPng(values, WINDOW, { width: 2, height: 2, spacingMm: [1, 0] })).rejects.toEqual(
    refused,
  );
  await expect(encodeGrayPng(values, { center: 0, width: 0 }, { width: 2, height: 2 })).rejects.toEqual(
    refused,
  );
});

test("square pixels are 2^26 at most, however far the spacings are apart", async () => {
  const png = (spacingMm: readonly [number, number]) =>
    encodeGrayPng(Int16Array.of(50), WINDOW, { width: 1, height: 1, spacingMm });
  const most = await png([2 ** 26, 1]);
  expect(new DataView(most.buffer).getUint32(16)).toBe(2 ** 26);
  const beyond: [readonly [number, number], number][] = [
    [[2 ** 26 + 1, 1], 2 ** 26 + 1],
    [[1, 2 ** 26 + 1], 2 ** 26 + 1],
    [[2 ** -1000, 1], 2 ** 1000],
    [[5e-324, 1.7e308], Number.POSITIVE_INFINITY],
  ];
  for (const [spacingMm, got] of beyond) {
    const fields = { got, accepted: 2 ** 26 };
    await expect(png(spacingMm)).rejects.toMatchObject({ code: "limit-exceeded", fields });
  }
});

test("colors lose their alpha, and pictures larger than a piece of the compressor come out whole", async () => {
  const width = 301;
  const height = 257;
  let seed = 1;
  const noise = () => (seed = (seed * 48271) % 2147483647) & 255;
  const rgba = Uint8Array.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : noise()));
  const png = decode(await encodeColorPng(rgba, { width, height }), { checkCrc: true });
  expect([png.width, png.height, png.channels, png.depth]).toEqual([width, height, 3, 8]);
  expect(Buffer.from(png.data)).toEqual(Buffer.from(rgba.filter((_, i) => i % 4 !== 3)));
  const refused = expect.objectContaining({ code: "invalid-option" });
  await expect(encodeColorPng(rgba, { width, height: 2 })).rejects.toEqual(refused);
});
