/**
 * How the surface goes through a cube of 8 voxels, for each of the 256 ways in which they may be inside:
 * edges of the cube, three a triangle. Voxel c of a cube is at x = c & 1, y = c >> 1 & 1, z = c >> 2; edge e
 * is along axis e >> 2, and its number's lower two bits are its place along the two other axes, lower axis
 * first.
 *
 * Made by rule, not copied from a printed table, whose complements leave holes (Lorensen and Cline 1987;
 * Dürst 1988): on each face the inside voxels are cut off from each other, which both cubes of the face do
 * alike; the cuts join to loops; loops are filled with triangles of which no inner edge lies on a face, where
 * a neighbor's might lie too. So each edge is of two triangles, and the mesh is closed.
 */
export function marchTable(): readonly Uint8Array[] {
  return Array.from({ length: 256 }, (_, inside) => Uint8Array.from(loopsOf(inside).flatMap(fillLoop)));
}

/** The edge between two neighboring voxels of a cube. */
function edgeOf(a: number, b: number): number {
  const axis = Math.log2(a ^ b);
  const low = a & b;
  const others = [0, 1, 2].filter((other) => other !== axis);
  return axis * 4 + ((low >> others[0]) & 1) + 2 * ((low >> others[1]) & 1);
}

/** Voxels of each face, counterclockwise as seen from outside of the cube. */
const faces: readonly (readonly number[])[] = [0, 1, 2].flatMap((axis) => {
  const [u, v] = [1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3)];
  const low = [0, v, u | v, u];
  const high = [0, u, u | v, v].map((corner) => corner | (1 << axis));
  return [low, high];
});

/** The faces that an edge is on. */
const facesOfEdge: readonly (readonly number[])[] = Array.from({ length: 12 }, (_, edge) =>
  faces.flatMap((face, i) => (face.some((a, k) => edgeOf(a, face[(k + 1) % 4]) === edge) ? [i] : [])),
);

function loopsOf(inside: number): number[][] {
  const isInside = (corner: number) => ((inside >> corner) & 1) === 1;
  // From where the outline of a face leaves a run of inside voxels to where it entered it.
  const next = new Map<number, number>();
  for (const face of faces) {
    for (let k = 0; k < 4; k++) {
      const [a, b] = [face[k], face[(k + 1) % 4]];
      if (isInside(a) || !isInside(b)) continue;
      let end = k + 1;
      while (isInside(face[(end + 1) % 4])) end++;
      next.set(edgeOf(a, b), edgeOf(face[end % 4], face[(end + 1) % 4]));
    }
  }
  const loops: number[][] = [];
  while (next.size > 0) {
    const loop: number[] = [];
    let [edge] = next.keys();
    for (let to = next.get(edge); to !== undefined; to = next.get(edge)) {
      loop.push(edge);
      next.delete(edge);
      edge = to;
    }
    loops.push(loop);
  }
  return loops;
}

/** Triangles of a loop, as few of their inner edges on faces as can be: none. */
function fillLoop(loop: readonly number[]): number[] {
  return best(loop).triangles;
}

function best(loop: readonly number[]): { triangles: number[]; onFaces: number } {
  if (loop.length === 3) return { triangles: [...loop], onFaces: 0 };
  let found: { triangles: number[]; onFaces: number } | undefined;
  // The triangle on the side from the last to the first, by its third corner.
  for (let k = 1; k < loop.length - 1; k++) {
    const parts = [loop.slice(0, k + 1), loop.slice(k)].filter((part) => part.length > 2).map(best);
    const inner = [
      [0, k],
      [k, loop.length - 1],
    ].filter(([a, b]) => b - a > 1);
    const onFaces =
      inner.filter(([a, b]) => shareFace(loop[a], loop[b])).length +
      parts.reduce((sum, part) => sum + part.onFaces, 0);
    const own = [loop[0], loop[k], loop[loop.length - 1]];
    if (!found || onFaces < found.onFaces)
      found = { triangles: [...own, ...parts.flatMap((part) => part.triangles)], onFaces };
  }
  return found ?? { triangles: [], onFaces: 0 };
}

function shareFace(one: number, other: number): boolean {
  return facesOfEdge[one].some((face) => facesOfEdge[other].includes(face));
}
