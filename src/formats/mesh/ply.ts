import type { Mesh } from "../../core/mesh.js";
import { checkMesh } from "./mesh_rules.js";

/**
 * Binary PLY, little endian (Turk 1994): vertices in millimeters, LPS as the mesh is.
 * @throws HounsfieldError `invalid-option`
 */
export function encodePly(mesh: Mesh): Uint8Array<ArrayBuffer> {
  checkMesh("encodePly", mesh);
  const { positionsMm, triangles } = mesh;
  const lines = [
    "ply",
    "format binary_little_endian 1.0",
    "comment SPACE=LPS UNIT=mm hounsfield",
    `element vertex ${positionsMm.length / 3}`,
    "property float x",
    "property float y",
    "property float z",
    `element face ${triangles.length / 3}`,
    "property list uchar int vertex_indices",
    "end_header",
  ];
  const header = new TextEncoder().encode(`${lines.join("\n")}\n`);
  const faces = header.length + 4 * positionsMm.length;
  const out = new Uint8Array(faces + (13 * triangles.length) / 3);
  out.set(header);
  const view = new DataView(out.buffer);
  for (let i = 0; i < positionsMm.length; i++) view.setFloat32(header.length + 4 * i, positionsMm[i], true);
  for (let i = 0; i < triangles.length; i++) {
    const at = faces + 13 * Math.floor(i / 3);
    out[at] = 3;
    view.setInt32(at + 1 + 4 * (i % 3), triangles[i], true);
  }
  return out;
}
