import { describe, expect, test } from "vitest";
import { classesBelow, planesOf } from "../../src/recipes/lung_mask/hu_classes.js";
import { recipeEdgesHu } from "../../src/recipes/lung_mask/recipe_edges.js";

/** Of one voxel, plane by plane. */
function bitsOf(hu: number, edgesHu: readonly number[]): boolean[] {
  return planesOf(edgesHu).map((intervals) =>
    intervals.some(({ fromHu, belowHu = 32768 }) => hu >= fromHu && hu < belowHu),
  );
}

function isBelow(hu: number, edge: number, edgesHu: readonly number[]): boolean {
  const bits = bitsOf(hu, edgesHu);
  const { steps, inverted } = classesBelow(edge + 1, bits.length);
  let made = false;
  for (const step of steps) {
    const plane = bits[step.bit];
    if (step.rule === "plane") made = plane;
    else if (step.rule === "and") made = made && plane;
    else if (step.rule === "or") made = made || plane;
    else made = step.rule === "without" ? made && !plane : plane && !made;
  }
  return made !== inverted;
}

describe("bit planes tell every threshold", () => {
  const edges = [...recipeEdgesHu, 5, 6, 300, 32767];
  test.each(edges.map((_, i) => i + 1))("of %d edges, at each edge and beside it", (count) => {
    const edgesHu = edges.slice(0, count);
    const probes = [-32768, 32767, ...edgesHu.flatMap((hu) => [hu - 1, hu, Math.min(32767, hu + 1)])];
    for (const hu of probes)
      for (const [i, edge] of edgesHu.entries())
        expect([hu, edge, isBelow(hu, i, edgesHu)]).toEqual([hu, edge, hu < edge]);
  });
});

test("the recipe's thresholds take four planes, of eight intervals together", () => {
  const planes = planesOf(recipeEdgesHu);
  expect(planes).toHaveLength(4);
  expect(planes.flat()).toHaveLength(8);
});
