import { type CtWindow, type WindowPreset, windowPresets } from "hounsfield";
import { fillChoices } from "./choices.js";
import { element } from "./panels.js";
import { valueText } from "./value_text.js";
import type { Viewer } from "./viewer.js";

export const presetNames: Readonly<Record<WindowPreset, string>> = {
  lung: "Lung",
  mediastinum: "Mediastinum",
  softTissue: "Soft tissue",
  vessels: "Vessels",
  bone: "Bone",
  full: "Full",
};

/** The planes' window: presets, which are of HU, and sliders, which follow a drag as well. */
export function attachWindowControls({ cuts: [cut], volume, closed: signal }: Viewer): void {
  const presets = element("presets", HTMLFieldSetElement);
  presets.hidden = volume.values.units !== "HU";
  const check = fillChoices(presets, presetNames, (window) => cut.set({ window }));
  const [center, width] = ["center", "width"].map((id) => element(id, HTMLInputElement));
  const onSlide = () => cut.set({ window: { centerHu: center.valueAsNumber, widthHu: width.valueAsNumber } });
  center.addEventListener("input", onSlide, { signal });
  width.addEventListener("input", onSlide, { signal });
  const show = () => {
    const { centerHu, widthHu } = cut.state.window;
    center.valueAsNumber = centerHu;
    width.valueAsNumber = widthHu;
    const { units } = volume.values;
    element("center-value", HTMLOutputElement).value = valueText(centerHu, units);
    element("width-value", HTMLOutputElement).value = valueText(widthHu, units);
    check(presetOf(cut.state.window));
  };
  cut.on("change", show);
  show();
}

export function presetOf({ centerHu, widthHu }: CtWindow): WindowPreset | undefined {
  return (Object.keys(windowPresets) as WindowPreset[]).find((name) => {
    const preset = windowPresets[name];
    return preset.centerHu === centerHu && preset.widthHu === widthHu;
  });
}
