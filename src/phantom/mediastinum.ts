import type { Vec3 } from "../core/grid.js";
import { type Distance, ellipsoid, oval, profile, smoothMin } from "./distance.js";
import { paint, type SliceCanvas } from "./slice_canvas.js";
import { cavityBox, cavityDistance, type TrunkLevel } from "./trunk.js";
import { paintTubes, type Tube, tubesDistance, tubesThrough } from "./tubes.js";

/** HU without contrast medium: blood and heart muscle are nearly the same. */
const BLOOD = 42;
const FAT = -95;

/** Where the vessels and bronchi enter the lungs. */
export const HILUM = {
  right: [-36, 12, 170] as Vec3,
  left: [40, 20, 176] as Vec3,
};

export const CARINA: Vec3 = [1, 22, 190];

const AORTA = tubesThrough([
  [4, -14, 148, 15],
  [-10, -26, 172, 15.5],
  [-12, -26, 196, 15],
  [-4, -14, 212, 14],
  [10, 6, 218, 13.5],
  [21, 28, 212, 13],
  [26, 42, 196, 12.5],
  [27, 46, 170, 12],
  [25, 46, 120, 11.5],
  [16, 42, 60, 11],
  [8, 38, 0, 10.5],
]);

const PULMONARY_ARTERIES = [
  ...tubesThrough([
    [12, -44, 152, 13],
    [20, -24, 174, 13],
    [18, -6, 182, 12],
  ]),
  ...tubesThrough([
    [18, -6, 182, 11],
    [-6, 0, 178, 10],
    [HILUM.right[0], HILUM.right[1] - 4, HILUM.right[2] + 2, 8.5],
  ]),
  ...tubesThrough([
    [18, -6, 182, 11],
    [32, 8, 187, 10],
    [HILUM.left[0], HILUM.left[1], HILUM.left[2] + 6, 8.5],
  ]),
];

const VEINS_AND_BRANCHES = [
  // Superior vena cava from the two brachiocephalic veins.
  // biome-ignore format: points
  ...tubesThrough([[-27, -8, 150, 10], [-28, -12, 180, 9], [-26, -14, 222, 8.5], [-30, -8, 250, 7], [-44, 0, 285, 6]]),
  // biome-ignore format: points
  ...tubesThrough([[-26, -14, 222, 7], [0, -30, 232, 6], [28, -16, 250, 6.5], [42, 0, 285, 6]]),
  // Brachiocephalic, left common carotid and left subclavian artery.
  // biome-ignore format: points
  ...tubesThrough([[-6, -14, 214, 7], [-14, -6, 240, 6.5], [-26, 6, 262, 5], [-28, 10, 290, 4]]),
  // biome-ignore format: points
  ...tubesThrough([[8, 2, 222, 5], [14, 4, 250, 4], [24, 8, 290, 4]]),
  // biome-ignore format: points
  ...tubesThrough([[18, 20, 220, 5.5], [26, 20, 250, 5], [44, 20, 272, 4.5], [90, 0, 280, 4.5]]),
  // Inferior vena cava; azygos vein.
  // biome-ignore format: points
  ...tubesThrough([[-24, 2, 112, 12], [-22, 12, 85, 12], [-20, 24, 40, 12], [-18, 28, 0, 12]]),
  // biome-ignore format: points
  ...tubesThrough([[-7, 44, 0, 3], [-8, 48, 120, 3.5], [-9, 44, 190, 4], [-20, 20, 204, 4.5], [-27, -6, 204, 5]]),
];

// biome-ignore format: points
const ESOPHAGUS = tubesThrough([[1, 34, 288, 6], [5, 36, 220, 6.5], [3, 36, 150, 7], [12, 24, 95, 7.5], [30, 8, 70, 8]]);

const GREAT_VESSELS: readonly Tube[] = [...AORTA, ...PULMONARY_ARTERIES, ...VEINS_AND_BRANCHES];

/**
 * Heart without its fat: ventricles with the apex to the left, front and below; right atrium; left atrium
 * behind.
 */
export function heartDistance(zMm: number): Distance {
  return (x, y) => {
    // Long axis of the ventricles: left, forward and down.
    const dx = x - 24;
    const dy = y + 34;
    const dz = zMm - 114;
    const along = 0.76 * dx - 0.44 * dy - 0.48 * dz;
    const across = 0.5 * dx + 0.866 * dy;
    const up = 0.416 * dx - 0.24 * dy + 0.877 * dz;
    const ventricles = ellipsoid(along, across, up, [0, 0, 0], [56, 41, 40]);
    const rightAtrium = ellipsoid(x, y, zMm, [-24, -16, 126], [25, 29, 33]);
    const leftAtrium = ellipsoid(x, y, zMm, [6, 18, 146], [34, 18, 22]);
    return smoothMin(smoothMin(ventricles, rightAtrium, 14), leftAtrium, 10);
  };
}

/** Half width of the fat and vessels between the lungs, by height. */
// biome-ignore format: a table
const COLUMN_A = [[0, 30], [70, 22], [110, 15], [150, 17], [180, 24], [200, 25], [220, 26], [245, 31], [270, 36], [290, 44]] as const;

/** Everything between the lungs, spine included: what the lungs leave free. */
export function mediastinumDistance(level: TrunkLevel): Distance {
  const { zMm, cavity, spineY } = level;
  const halfWidth = profile(COLUMN_A, zMm);
  // Beyond the wall, so that the lungs are apart up to it.
  const front = cavity.y - cavity.b - 14;
  const middle = (front + spineY) / 2;
  const halfDepth = (spineY - front) / 2 + 6;
  const heart = heartDistance(zMm);
  const vessels = tubesDistance(GREAT_VESSELS, zMm, 14);
  return (x, y) => {
    // The lungs come near to each other behind the breastbone.
    const column = oval(
      x - 1,
      y - middle,
      halfWidth * (y < middle ? 1 + 0.55 * ((y - middle) / halfDepth) : 1),
      halfDepth,
    );
    const spine = Math.hypot(x, y - spineY - 13) - 28;
    const d = smoothMin(smoothMin(column, spine, 12), heart(x, y) - 4, 8);
    return smoothMin(d, vessels(x, y) - 2.5, 8);
  };
}

/** Fills the cavity with fat and lays heart, great vessels and esophagus into it. */
export function paintMediastinum(canvas: SliceCanvas, level: TrunkLevel): void {
  const { zMm } = canvas;
  paint(canvas, cavityBox(level), (x, y) => cavityDistance(level, x, y), FAT);
  const heart = heartDistance(zMm);
  if (zMm > 60 && zMm < 180) {
    const aboveTendon = (d: number) => Math.max(d, (66 - zMm) * 0.9);
    paint(canvas, { x: [-70, 100], y: [-100, 60] }, (x, y) => aboveTendon(heart(x, y)), BLOOD);
  }
  paintTubes(canvas, AORTA, { hu: BLOOD + 3 });
  paintTubes(canvas, PULMONARY_ARTERIES, { hu: BLOOD });
  paintTubes(canvas, VEINS_AND_BRANCHES, { hu: BLOOD });
  paintTubes(canvas, ESOPHAGUS, { hu: 35 });
  paintTubes(canvas, ESOPHAGUS, { hu: -250, growMm: -5.2 });
}
