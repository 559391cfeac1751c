import type { Mesh } from "../../core/mesh.js";
import { checkMesh } from "./mesh_rules.js";

/**
 * Binary STL (3D Systems 1989): millimeters, LPS as the mesh is, which the header says as 3D Slicer reads it.
 * @throws HounsfieldError `invalid-option`
 */
export function encodeStl(mesh: Mesh): Uint8Array<ArrayBuffer> {
  checkMesh("encodeStl", mesh);
  const { positionsMm, triangles } = mesh;
  const count = triangles.length / 3;
  const out = new Uint8Array(84 + 50 * count);
  // Not "solid", which begins a text file.
  out.set(new TextEncoder().encode("SPACE=LPS UNIT=mm hounsfield"));
  const view = new DataView(out.buffer);
  view.setUint32(80, count, true);
  for (let i = 0; i < count; i++) {
    const at = 84 + 50 * i;
    const corners = [0, 1, 2].map((k) => 3 * triangles[3 * i + k]);
    const normal = normalOf(positionsMm, corners);
    for (let row = 0; row < 3; row++) {
      view.setFloat32(at + 4 * row, normal[row], true);
      for (let k = 0; k < 3; k++)
        view.setFloat32(at + 12 + 12 * k + 4 * row, positionsMm[corners[k] + row], true);
    }
  }
  return out;
}

function normalOf(positions: Float32Array, [a, b, c]: readonly number[]): number[] {
  const [u, v] = [b, c].map((end) => [0, 1, 2].map((row) => positions[end + row] - positions[a + row]));
  const cross = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const length = Math.hypot(...cross);
  return length > 0 ? cross.map((one) => one / length) : [0, 0, 0];
}
