import { describe, expect, test } from "vitest";
import { isHounsfieldError } from "../../src/core/errors.js";
import type { Mesh } from "../../src/core/mesh.js";
import { encodeGlb } from "../../src/formats/mesh/glb.js";
import { encodeObj } from "../../src/formats/mesh/obj.js";
import { encodePly } from "../../src/formats/mesh/ply.js";
import { encodeStl } from "../../src/formats/mesh/stl.js";

/** A tetrahedron. */
const mesh: Mesh = {
  positionsMm: Float32Array.of(0, 0, 0, 10.5, 0, 0, 0, -20.25, 0, 0.1, 0, 1000),
  triangles: Uint32Array.of(0, 1, 2, 0, 3, 1, 0, 2, 3, 1, 3, 2),
};
const empty: Mesh = { positionsMm: new Float32Array(0), triangles: new Uint32Array(0) };
const corner = (vertex: number) => Array.from(mesh.positionsMm.subarray(3 * vertex, 3 * vertex + 3));

test("STL: a count, and for each triangle its normal and corners", () => {
  const bytes = encodeStl(mesh);
  const view = new DataView(bytes.buffer);
  expect(bytes).toHaveLength(84 + 4 * 50);
  expect(view.getUint32(80, true)).toBe(4);
  expect(new TextDecoder().decode(bytes.subarray(0, 5))).not.toBe("solid");
  const floats = (at: number) => [0, 4, 8].map((by) => view.getFloat32(at + by, true));
  // Of the first, whose corners lie in the plane z = 0.
  expect(floats(84)).toEqual([0, 0, -1]);
  for (let k = 0; k < 3; k++) expect(floats(84 + 50 + 12 + 12 * k)).toEqual(corner([0, 3, 1][k]));
  expect(encodeStl(empty)).toHaveLength(84);
});

test("PLY: vertices and faces as its header declares them", () => {
  const bytes = encodePly(mesh);
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.indexOf("end_header\n") + 11;
  expect(text).toMatch(/^ply\nformat binary_little_endian 1\.0\n/);
  expect(text).toMatch(/element vertex 4\n[\s\S]*element face 4\n/);
  const view = new DataView(bytes.buffer);
  expect([0, 1, 2].map((row) => view.getFloat32(end + 3 * 12 + 4 * row, true))).toEqual(corner(3));
  expect(bytes).toHaveLength(end + 4 * 12 + 4 * 13);
  expect(bytes[end + 48 + 13]).toBe(3);
  expect([0, 1, 2].map((k) => view.getInt32(end + 48 + 13 + 1 + 4 * k, true))).toEqual([0, 3, 1]);
});

test("OBJ: the same numbers as text, counted from 1", () => {
  const lines = new TextDecoder().decode(encodeObj(mesh)).trim().split("\n");
  const vertices = lines.filter((line) => line.startsWith("v ")).map((line) => line.split(" ").slice(1));
  expect(vertices.flat().map((word) => Math.fround(Number(word)))).toEqual(Array.from(mesh.positionsMm));
  const faces = lines.filter((line) => line.startsWith("f ")).map((line) => line.split(" ").slice(1));
  expect(faces.flat().map((word) => Number(word) - 1)).toEqual(Array.from(mesh.triangles));
});

test("glTF: chunks, accessors with their bounds, and a node that stands the patient up in meters", () => {
  const bytes = encodeGlb(mesh);
  const view = new DataView(bytes.buffer);
  expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe("glTF");
  expect([view.getUint32(4, true), view.getUint32(8, true)]).toEqual([2, bytes.length]);
  const length = view.getUint32(12, true);
  expect(length % 4).toBe(0);
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length)));
  expect(json.accessors[0]).toMatchObject({ count: 4, min: [0, -20.25, 0], max: [10.5, 0, 1000] });
  const at = 20 + length + 8;
  expect(view.getUint32(at - 8, true)).toBe(bytes.length - at);
  expect(view.getFloat32(at + 12, true)).toBe(10.5);
  expect(view.getUint32(at + json.bufferViews[1].byteOffset + 4, true)).toBe(1);
  const [{ matrix }] = json.nodes;
  // Left is right of the picture, the head is up, the front comes forward.
  const to = ([x, y, z]: number[]) =>
    [0, 1, 2].map((row) => matrix[row] * x + matrix[4 + row] * y + matrix[8 + row] * z + 0);
  expect([to([1000, 0, 0]), to([0, 0, 1000]), to([0, -1000, 0])]).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  const none = encodeGlb(empty);
  expect(none.length).toBe(new DataView(none.buffer).getUint32(8, true));
});

describe("what is no mesh is refused", () => {
  test.each([
    ["a vertex that there is none of", { ...mesh, triangles: Uint32Array.of(0, 1, 4) }],
    ["half a triangle", { ...mesh, triangles: Uint32Array.of(0, 1) }],
    ["half a vertex", { ...mesh, positionsMm: new Float32Array(11) }],
    ["other arrays", { ...mesh, triangles: [0, 1, 2] as unknown as Uint32Array<ArrayBuffer> }],
  ])("%s", (_, wrong) => {
    for (const encode of [encodeStl, encodePly, encodeObj, encodeGlb]) {
      let code = "nothing thrown";
      try {
        encode(wrong);
      } catch (error) {
        code = isHounsfieldError(error) ? error.code : String(error);
      }
      expect(code).toBe("invalid-option");
    }
  });
});
