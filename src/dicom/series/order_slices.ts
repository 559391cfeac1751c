import { checkArgument, invalidOption } from "../../core/options.js";
import { buildGrid } from "../geometry/build_grid.js";
import type { Repair } from "../geometry/geometry_faults.js";
import { commonPlaneOf } from "../geometry/image_plane.js";
import { measureSliceSpacing } from "../geometry/slice_spacing.js";
import { sortAlongNormal } from "../geometry/sort_slices.js";
import { checkHeaders } from "../image/check_header.js";
import { rescaleDiagnostics } from "../image/rescale_diagnostics.js";
import type { SliceHeader } from "../image/slice_header.js";
import { withAssumptions } from "./assume.js";
import type { Series } from "./list_series.js";
import { allowRule, refuseUnplacedFrames, stackOf } from "./make_series.js";

/**
 * Orders the slices of one group and finds their grid.
 * @param headers at least one, all of one plane, as groupSeries gives them
 * @throws HounsfieldError `unfaithful-geometry`
 */
export function orderSlices(
  headers: readonly SliceHeader[],
  allow: readonly Repair[] = [],
): Pick<Series, "slices" | "grid" | "ordering" | "diagnostics" | "layout" | "resampling"> {
  checkHeaders("orderSlices", headers);
  if (headers.length === 0) throw invalidOption("orderSlices", "headers", headers, "at least one");
  checkArgument("orderSlices", "allow", allow, allowRule);
  const { headers: placed, diagnostics } = withAssumptions({ role: "stack", headers }, allow);
  refuseUnplacedFrames(placed[0]);
  const plane = commonPlaneOf(placed);
  const ordered = sortAlongNormal(placed, plane);
  const built = buildGrid(ordered, plane, measureSliceSpacing(ordered, plane), allow);
  const stack = stackOf(placed, plane, ordered, built, rescaleDiagnostics(placed));
  return { ...stack, diagnostics: [...(diagnostics ?? []), ...stack.diagnostics] };
}
