import { type View, type WindowPreset, windowPresets } from "hounsfield";
import { element } from "./panels.js";

const presetNames: Readonly<Record<WindowPreset, string>> = {
  lung: "Lung",
  mediastinum: "Mediastinum",
  softTissue: "Soft tissue",
  vessels: "Vessels",
  bone: "Bone",
  full: "Full range",
};

/** Window presets, sliders and the way back to the front, for whatever view is open. */
export function setUpControls(currentView: () => View | undefined): void {
  const presets = element("presets", HTMLFieldSetElement);
  for (const [name, text] of Object.entries(presetNames)) {
    const [label, input, span] = ["label", "input", "span"].map((tag) => document.createElement(tag));
    Object.assign(input, { type: "radio", name: "preset", value: name, className: "visually-hidden" });
    input.addEventListener("change", () => currentView()?.set({ window: name as WindowPreset }));
    Object.assign(span, { className: "preset", textContent: text });
    label.append(input, span);
    presets.append(label);
  }
  const [center, width] = ["center", "width"].map((id) => element(id, HTMLInputElement));
  const onSlide = () =>
    currentView()?.set({ window: { centerHu: center.valueAsNumber, widthHu: width.valueAsNumber } });
  center.addEventListener("input", onSlide);
  width.addEventListener("input", onSlide);
  element("front", HTMLButtonElement).addEventListener("click", () =>
    currentView()?.set({ camera: { azimuthDeg: 0, elevationDeg: 0, zoom: 1, panMm: [0, 0] } }),
  );
}

/** Controls and orientation letters follow the state, whoever changed it. */
export function showState(view: View): void {
  const { centerHu, widthHu } = view.state.window;
  element("center", HTMLInputElement).valueAsNumber = centerHu;
  element("width", HTMLInputElement).valueAsNumber = widthHu;
  element("center-value", HTMLOutputElement).value = `${Math.round(centerHu)} HU`;
  element("width-value", HTMLOutputElement).value = `${Math.round(widthHu)} HU`;
  for (const input of document.querySelectorAll<HTMLInputElement>("input[name=preset]")) {
    const preset = windowPresets[input.value as WindowPreset];
    input.checked = preset.centerHu === centerHu && preset.widthHu === widthHu;
  }
  const letters = view.edgeLetters();
  for (const span of document.querySelectorAll<HTMLElement>("#letters span")) {
    span.textContent = letters[span.dataset.edge as keyof typeof letters];
  }
}
