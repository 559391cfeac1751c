import type { Mesh } from "../../core/mesh.js";
import { checkArgument, checkOptions, invalidOption, type Rule } from "../../core/options.js";
import { required } from "../../core/rules.js";

const typed =
  (name: string): Rule =>
  (value) =>
    Object.prototype.toString.call(value) === `[object ${name}]` ? undefined : `a ${name}`;

const meshRule: Rule = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "a mesh";

/**
 * @throws HounsfieldError `invalid-option` for what is no mesh, or has triangles of vertices that it has not
 */
export function checkMesh(of: string, mesh: Mesh): void {
  checkArgument(of, "mesh", mesh, meshRule);
  const { positionsMm, triangles } = checkOptions(of, mesh, {
    positionsMm: required(typed("Float32Array")),
    triangles: required(typed("Uint32Array")),
  });
  if (positionsMm.length % 3 !== 0)
    throw invalidOption(of, "positionsMm.length", positionsMm.length, "a multiple of 3");
  if (triangles.length % 3 !== 0)
    throw invalidOption(of, "triangles.length", triangles.length, "a multiple of 3");
  const vertices = positionsMm.length / 3;
  const wrong = triangles.findIndex((vertex) => vertex >= vertices);
  if (wrong >= 0) throw invalidOption(of, `triangles[${wrong}]`, triangles[wrong], `less than ${vertices}`);
}
