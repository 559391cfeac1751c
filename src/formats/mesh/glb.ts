import type { Mesh } from "../../core/mesh.js";
import { checkMesh } from "./mesh_rules.js";

/** Of glTF 2.0: "glTF", "JSON", "BIN" and a zero, as little-endian words. */
const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;

/**
 * glTF 2.0 in one file (.glb). Vertices are the mesh's own, in millimeters, LPS; its node takes them to
 * glTF's meters, y up, z forward: the patient stands, and faces the viewer (column-major 4 x 4).
 */
const TO_GLTF = [0.001, 0, 0, 0, 0, 0, -0.001, 0, 0, 0.001, 0, 0, 0, 0, 0, 1];

/** A mesh as glTF 2.0 in one file (.glb): see TO_GLTF. @throws HounsfieldError `invalid-option` */
export function encodeGlb(mesh: Mesh): Uint8Array<ArrayBuffer> {
  checkMesh("encodeGlb", mesh);
  const { positionsMm, triangles } = mesh;
  const bounds = boundsOf(positionsMm);
  const isEmpty = triangles.length === 0;
  const json = {
    asset: { version: "2.0", generator: "hounsfield" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [isEmpty ? { matrix: TO_GLTF } : { mesh: 0, matrix: TO_GLTF }],
    ...(!isEmpty && {
      meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1, mode: 4 }] }],
      accessors: [
        { bufferView: 0, componentType: 5126, count: positionsMm.length / 3, type: "VEC3", ...bounds },
        { bufferView: 1, componentType: 5125, count: triangles.length, type: "SCALAR" },
      ],
      bufferViews: [
        { buffer: 0, byteOffset: 0, byteLength: positionsMm.byteLength, target: 34962 },
        { buffer: 0, byteOffset: positionsMm.byteLength, byteLength: triangles.byteLength, target: 34963 },
      ],
      buffers: [{ byteLength: positionsMm.byteLength + triangles.byteLength }],
    }),
  };
  const text = JSON.stringify(json);
  const head = new TextEncoder().encode(text.padEnd(4 * Math.ceil(text.length / 4)));
  const binary = positionsMm.byteLength + triangles.byteLength;
  const out = new Uint8Array(12 + 8 + head.length + (isEmpty ? 0 : 8 + binary));
  const view = new DataView(out.buffer);
  const words = (at: number, ...values: number[]) => {
    for (const [i, value] of values.entries()) view.setUint32(at + 4 * i, value, true);
  };
  words(0, MAGIC, 2, out.length, head.length, JSON_CHUNK);
  out.set(head, 20);
  if (isEmpty) return out;
  const at = 20 + head.length;
  words(at, binary, BINARY_CHUNK);
  out.set(new Uint8Array(positionsMm.buffer, positionsMm.byteOffset, positionsMm.byteLength), at + 8);
  out.set(
    new Uint8Array(triangles.buffer, triangles.byteOffset, triangles.byteLength),
    at + 8 + positionsMm.byteLength,
  );
  return out;
}

function boundsOf(positions: Float32Array): { min: number[]; max: number[] } {
  const [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((end) => [end, end, end]);
  for (let i = 0; i < positions.length; i++) {
    min[i % 3] = Math.min(min[i % 3], positions[i]);
    max[i % 3] = Math.max(max[i % 3], positions[i]);
  }
  return { min, max };
}
