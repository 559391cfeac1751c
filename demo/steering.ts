import {
  attachMprControls,
  attachOrbitControls,
  attachProbe,
  type MprTool,
  type Probe,
  pointAtSlice,
  positionText,
  sliceIndex,
  type View,
} from "hounsfield";
import { fillChoices } from "./choices.js";
import { element } from "./panels.js";
import { paneNames, paneOf, planes } from "./panes.js";
import { valueText } from "./value_text.js";
import { unlessLost, type Viewer } from "./viewer.js";

const tools: Readonly<Record<MprTool, string>> = {
  window: "Window",
  point: "Crosshair",
  pan: "Move",
  zoom: "Zoom",
};
/** A press that moves no more is a click. */
const CLICK_PX = 4;

/**
 * Mouse, fingers and keys in the panes; sliders through slices; the line that says what lies under the
 * pointer.
 */
export function attachSteering(viewer: Viewer, units: string, onError: (error: unknown) => void): void {
  const { panes, whole, closed } = viewer;
  let tool: MprTool = "window";
  fillChoices(element("tools", HTMLFieldSetElement), tools, (chosen) => (tool = chosen))(tool);
  const showProbe = (probe?: Probe) => {
    const text = probe && `${valueText(probe.hu, units)}   ${positionText(probe.positionMm)} mm`;
    element("probe", HTMLOutputElement).value = text ?? "";
    element("hint", HTMLElement).hidden = text !== undefined;
  };
  const ends = planes.map((plane) =>
    attachMprControls(panes[plane], paneOf(plane).canvas, { tool: () => tool }),
  );
  ends.push(attachOrbitControls(whole, paneOf("volume").canvas));
  for (const name of paneNames) {
    const view = panes[name];
    const show = (probe?: Probe) => showProbe(isProbed(view) ? probe : undefined);
    ends.push(attachProbe(view, paneOf(name).canvas, show, unlessLost(onError)));
  }
  for (const plane of planes) attachSlices(panes[plane], paneOf(plane).slices, closed);
  attachPick(viewer, onError);
  showProbe();
  closed.addEventListener("abort", () => {
    for (const end of ends) end();
    showProbe();
    element("hint", HTMLElement).hidden = true;
  });
}

/** In 3D the record tells what is seen only of a plain maximum. */
function isProbed({ state: { projection, slab, cut } }: View): boolean {
  return projection === "mpr" || (projection === "mip" && slab === null && cut.length === 0);
}

function attachSlices(view: View, slider: HTMLInputElement | null, signal: AbortSignal): void {
  if (!slider) return;
  const { grid } = view.volume;
  const show = () => {
    const { index, count } = sliceIndex(grid, view.state.mpr);
    slider.max = String(count - 1);
    slider.valueAsNumber = Math.round(index);
    slider.ariaValueText = `${Math.round(index) + 1} of ${count}`;
  };
  const go = () => view.set({ mpr: { pointMm: pointAtSlice(grid, view.state.mpr, slider.valueAsNumber) } });
  slider.addEventListener("input", go, { signal });
  view.on("change", show);
  show();
}

/** A click in a maximum projection takes the crosshair to the voxel that is seen there. */
function attachPick({ whole, closed: signal }: Viewer, onError: (error: unknown) => void): void {
  const { canvas } = paneOf("volume");
  let down: PointerEvent | undefined;
  canvas.addEventListener("pointerdown", (event) => (down = event.button === 0 ? event : undefined), {
    signal,
  });
  const onUp = async (up: PointerEvent) => {
    const moved = down && Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY);
    if (moved === undefined || moved >= CLICK_PX || !isProbed(whole)) return;
    const { left, top, width } = canvas.getBoundingClientRect();
    const scale = whole.widthPx / Math.max(1, width);
    const probe = await whole.probe((up.clientX - left) * scale, (up.clientY - top) * scale);
    if (probe && !signal.aborted) whole.set({ mpr: { pointMm: probe.positionMm } });
  };
  canvas.addEventListener("pointerup", (event) => onUp(event).catch(unlessLost(onError)), { signal });
}
