/**
 * A surface of triangles, in the patient. `positionsMm` has x, y, z of each vertex, LPS; `triangles` three
 * vertices each, counterclockwise as seen from outside.
 */
export interface Mesh {
  readonly positionsMm: Float32Array<ArrayBuffer>;
  readonly triangles: Uint32Array<ArrayBuffer>;
}
