/**
 * One fault in one line, that a test must see: the file, what stands there once, what the mutant has
 * instead, and the test files that should fail. Most are of a number that the docs state as a rule, or of a
 * bound.
 * @typedef {{ readonly name: string, readonly file: string, readonly search: string,
 * readonly replacement: string, readonly tests: readonly string[] }} Mutant
 */

const thresholds = ["test/unit/series_thresholds.test.ts"];
const renderState = ["test/unit/render_state.test.ts", "test/unit/mpr_geometry.test.ts"];
const viewParts = ["test/unit/view_parts.test.ts"];
const judged = ["test/unit/lung_mask.test.ts"];
const rle = ["test/unit/rle.test.ts", "test/unit/rle_hostile.test.ts"];
const targetGrid = ["test/unit/target_grid.test.ts"];
const work = ["test/unit/stored_frames.test.ts"];

/** @type {readonly Mutant[]} */
const mutants = [
  {
    name: "a decompression bomb of 1,048,576 pixels a byte",
    file: "src/decode/decode_frame.ts",
    search: "MOST_PIXELS_PER_BYTE = 1024",
    replacement: "MOST_PIXELS_PER_BYTE = 1_048_576",
    tests: ["test/unit/decode_plausible.test.ts"],
  },
  {
    name: "Slice Location in two slices alike is no repetition",
    file: "src/dicom/geometry/slice_location.ts",
    search: "counts.get(sliceLocation)! > 1",
    replacement: "counts.get(sliceLocation)! > 2",
    tests: thresholds,
  },
  {
    name: "slices two tenths of a pixel aside",
    file: "src/dicom/geometry/tolerance.ts",
    search: "SIDEWAYS_TOLERANCE_PIXELS = 0.1",
    replacement: "SIDEWAYS_TOLERANCE_PIXELS = 0.2",
    tests: thresholds,
  },
  {
    name: "0.01 mm off where it is half a step",
    file: "src/dicom/geometry/tolerance.ts",
    search: "0.05 * stepMm",
    replacement: "0.5 * stepMm",
    tests: thresholds,
  },
  {
    name: "a step that just a quarter of all have is not common",
    file: "src/dicom/geometry/tolerance.ts",
    search: "alike(step).length >= COMMON_SHARE",
    replacement: "alike(step).length > COMMON_SHARE",
    tests: thresholds,
  },
  {
    name: "a tilt that differs by 1.5 degrees",
    file: "src/dicom/geometry/gantry_tilt.ts",
    search: "TILT_TOLERANCE_DEGREES = 0.5",
    replacement: "TILT_TOLERANCE_DEGREES = 1.5",
    tests: thresholds,
  },
  {
    name: "a hole only above three thicknesses",
    file: "src/dicom/geometry/geometry_faults.ts",
    search: "HOLE_THICKNESSES = 1.5",
    replacement: "HOLE_THICKNESSES = 3",
    tests: thresholds,
  },
  {
    name: "the voxel behind the far face",
    file: "src/render/state/plane.ts",
    search: "value < grid.size[axis]",
    replacement: "value <= grid.size[axis]",
    tests: renderState,
  },
  {
    name: "a binding without the bytes before its offset",
    file: "src/volume/slabs.ts",
    search: "(engine.limits.maxBindingBytes - 256)",
    replacement: "engine.limits.maxBindingBytes",
    tests: ["test/unit/slabs.test.ts"],
  },
  {
    name: "cut-above looks at the last slice but one",
    file: "src/recipes/lung_mask/judge.ts",
    search: "endMm2(grid.size[2] - 1)",
    replacement: "endMm2(grid.size[2] - 2)",
    tests: judged,
  },
  {
    name: "a lung of less than half the other is none",
    file: "src/recipes/lung_mask/split.ts",
    search: "1 / 4.8",
    replacement: "1 / 2",
    tests: ["test/unit/split_lungs.test.ts"],
  },
  {
    name: "a window of no width",
    file: "src/ops/value/window_slabs.ts",
    search: "highHu > lowHu &&",
    replacement: "highHu >= lowHu &&",
    tests: ["test/unit/value_functions.test.ts"],
  },
  {
    name: "a scale bar of the whole room is too long",
    file: "src/render/annotations/scale_bar.ts",
    search: "mm <= mostMm",
    replacement: "mm < mostMm",
    tests: viewParts,
  },
  {
    name: "a camera above looks up",
    file: "src/render/state/camera.ts",
    search: "forward: [-sinA * cosE, cosA * cosE, -sinE]",
    replacement: "forward: [-sinA * cosE, cosA * cosE, sinE]",
    tests: renderState,
  },
  {
    name: "a drag turns against the pointer",
    file: "src/render/state/camera.ts",
    search: "camera.azimuthDeg - along / 2",
    replacement: "camera.azimuthDeg + along / 2",
    tests: renderState,
  },
  {
    name: "a perspective of twice the angle",
    file: "src/render/state/camera.ts",
    search: "Math.PI) / 360",
    replacement: "Math.PI) / 180",
    tests: renderState,
  },
  {
    name: "sagittal cuts seen from the right",
    file: "src/render/state/plane.ts",
    search: "normal: [-1, 0, 0]",
    replacement: "normal: [1, 0, 0]",
    tests: renderState,
  },
  {
    name: "right is left",
    file: "src/render/state/orientation.ts",
    search: "part > 0 ? 0 : 1",
    replacement: "part > 0 ? 1 : 0",
    tests: renderState,
  },
  {
    name: "a drag up makes a window brighter",
    file: "src/render/controls/window_drag.ts",
    search: "centerHu - down",
    replacement: "centerHu + down",
    tests: viewParts,
  },
  {
    name: "32768 is an int16",
    file: "src/decode/codecs/common/hu.ts",
    search: "most <= 32767) return",
    replacement: "most <= 32768) return",
    tests: ["test/unit/rle.test.ts", "test/unit/raw_frames.test.ts"],
  },
  {
    name: "halves below zero are rounded up",
    file: "src/decode/codecs/common/hu.ts",
    search: "value < 0 ? -Math.round(-value) : Math.round(value)",
    replacement: "Math.round(value)",
    tests: ["test/unit/rle.test.ts", "test/unit/raw_frames.test.ts"],
  },
  {
    name: "an RLE segment begins before the one in front of it ends",
    file: "src/decode/codecs/rle/header.ts",
    search: "start < least ||",
    replacement: "start < least - 1 ||",
    tests: rle,
  },
  {
    name: "an RLE segment begins behind the frame",
    file: "src/decode/codecs/rle/header.ts",
    search: "start > most)",
    replacement: "start > most + 1)",
    tests: rle,
  },
  {
    name: "an error without its fields",
    file: "src/core/errors.ts",
    search: "this.fields = fields ??",
    replacement: "this.fields = (undefined as typeof fields) ??",
    tests: rle,
  },
  {
    name: "a gantry tilted the other way",
    file: "src/dicom/geometry/slice_spacing.ts",
    search: "leading < 0 ? -degrees : degrees",
    replacement: "leading < 0 ? degrees : -degrees",
    tests: ["test/unit/series_repair.test.ts"],
  },
  {
    name: "a tilt of 60 degrees can be repaired",
    file: "src/dicom/geometry/geometry_faults.ts",
    search: "MOST_TILT_DEGREES = 45",
    replacement: "MOST_TILT_DEGREES = 60",
    tests: thresholds,
  },
  {
    name: "half a pixel is shifted the other way",
    file: "src/volume/true_grid.ts",
    search: "(hu[at + stepX] - hu[at]) * fx",
    replacement: "(hu[at + stepX] - hu[at]) * (1 - fx)",
    tests: ["test/unit/series_repair.test.ts"],
  },
  {
    name: "256 levels of a byte",
    file: "src/ops/value/value_table.ts",
    search: "* 255)",
    replacement: "* 256)",
    tests: ["test/unit/value_functions.test.ts"],
  },
  {
    name: "halves of sizes are rounded up",
    file: "src/ops/resample/target_grid.ts",
    search: "floor + (floor % 2)",
    replacement: "floor + 1",
    tests: targetGrid,
  },
  {
    name: "edges are kept, the origin is not moved",
    file: "src/ops/resample/target_grid.ts",
    search: '"edges" ? (ratio[axis] - 1) / 2 : 0',
    replacement: '"edges" ? ratio[axis] / 2 : 0',
    tests: targetGrid,
  },
  {
    name: "the border begins at the outermost centers",
    file: "src/ops/resample/resample_taps.ts",
    search: "at < -0.5 || at > length - 0.5",
    replacement: "at < 0 || at > length - 1",
    tests: targetGrid,
  },
  {
    name: "a budget that is exceeded by one",
    file: "src/volume/byte_budget.ts",
    search: "used + bytes <= total",
    replacement: "used + bytes <= total + 1",
    tests: work,
  },
  {
    name: "what is shared is destroyed after its first user",
    file: "src/core/ref_counted.ts",
    search: "--entry.users > 0",
    replacement: "--entry.users > 1",
    tests: viewParts,
  },
  {
    name: "one more is fetched ahead",
    file: "src/core/prefetch.ts",
    search: "next <= done + ahead",
    replacement: "next <= done + ahead + 1",
    tests: work,
  },
  {
    name: "lungs end 90 mm apart",
    file: "src/recipes/lung_mask/judge.ts",
    search: "MOST_BASE_DIFFERENCE_MM = 45",
    replacement: "MOST_BASE_DIFFERENCE_MM = 90",
    tests: judged,
  },
  {
    name: "backs lie 32 mm apart",
    file: "src/recipes/lung_mask/judge.ts",
    search: "MOST_BACK_DIFFERENCE_MM = 16",
    replacement: "MOST_BACK_DIFFERENCE_MM = 32",
    tests: judged,
  },
  {
    name: "3 voxels of 0.7 mm do not hold the sample at 2.1",
    file: "src/ops/resample/target_grid.ts",
    search: "EXTENT_SLACK = 1e-9",
    replacement: "EXTENT_SLACK = 0",
    tests: targetGrid,
  },
];

/** @param {string} words in the names of the mutants wanted */
export function chosenMutants(words) {
  return mutants.filter(({ name }) => name.includes(words));
}
