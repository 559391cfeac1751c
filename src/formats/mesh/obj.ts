import type { Mesh } from "../../core/mesh.js";
import { checkMesh } from "./mesh_rules.js";

/** Lines that are put together at a time: a string of all would be of hundreds of megabytes. */
const PIECE = 1 << 14;

/**
 * Wavefront OBJ: text, vertices in millimeters, LPS as the mesh is, numbered from 1.
 * @throws HounsfieldError `invalid-option`
 */
export function encodeObj(mesh: Mesh): Uint8Array<ArrayBuffer> {
  checkMesh("encodeObj", mesh);
  const { positionsMm, triangles } = mesh;
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [encoder.encode("# SPACE=LPS UNIT=mm hounsfield\n")];
  const lines = (values: Float32Array | Uint32Array, line: (at: number) => string) => {
    for (let from = 0; from < values.length; from += 3 * PIECE) {
      let text = "";
      for (let at = from; at < Math.min(values.length, from + 3 * PIECE); at += 3) text += line(at);
      parts.push(encoder.encode(text));
    }
  };
  // Shortest digits that give the same float32 again would be longer code; nine always do.
  const digits = (value: number) => String(Number(value.toPrecision(9)));
  lines(
    positionsMm,
    (at) => `v ${digits(positionsMm[at])} ${digits(positionsMm[at + 1])} ${digits(positionsMm[at + 2])}\n`,
  );
  lines(triangles, (at) => `f ${triangles[at] + 1} ${triangles[at + 1] + 1} ${triangles[at + 2] + 1}\n`);
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
