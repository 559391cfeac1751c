import { type CtWindow, slabThrough, type ViewChange, type ViewState, windowPresets } from "hounsfield";
import { fillChoices } from "./choices.js";
import { element } from "./panels.js";
import type { Viewer } from "./viewer.js";
import { presetNames, presetOf } from "./window_controls.js";

type Projection = Exclude<ViewState["projection"], "mpr">;
type Transfer = Extract<ViewChange["transfer"], string>;

const projections: Readonly<Record<Projection, string>> = {
  dvr: "Volume",
  mip: "MIP",
  minip: "MinIP",
  average: "Average",
};
const transfers: Readonly<Record<Transfer, string>> = {
  bone: "Bone",
  vessels: "Vessels",
  "soft-tissue": "Soft tissue",
  lung: "Lung",
  airways: "Airways",
};
/** A mean through the whole chest lies between lung and water, as in a radiograph. */
const firstWindows: Readonly<Record<Projection, CtWindow>> = {
  dvr: windowPresets.bone,
  mip: windowPresets.bone,
  minip: windowPresets.lung,
  average: { centerHu: -300, widthHu: 900 },
};
/** Outside the patient is air: without a slab the least value on a ray is always that. */
const MINIP_SLAB_MM = 40;

const faces = {
  front: { azimuthDeg: 0, elevationDeg: 0 },
  left: { azimuthDeg: 90, elevationDeg: 0 },
  "back-side": { azimuthDeg: 180, elevationDeg: 0 },
  feet: { azimuthDeg: 0, elevationDeg: -90 },
} as const;

/** How the 3D pane shows the volume, and from where. */
export function attachVolumeControls({ whole, closed: signal }: Viewer): void {
  const isHu = whole.volume.values.units === "HU";
  const windows: Record<Projection, CtWindow> = { ...firstWindows };
  let transfer: Transfer = "bone";
  const { dvr: _, ...rays } = projections;
  const checkProjection = fillChoices<Projection>(
    element("projections", HTMLFieldSetElement),
    isHu ? projections : (rays as typeof projections),
    (projection) => {
      const { camera, mpr, slab } = whole.state;
      const needsSlab = projection === "minip" && !slab;
      whole.set({
        projection,
        window: windows[projection],
        ...(needsSlab && { slab: slabThrough(whole.volume.grid, camera, mpr.pointMm, MINIP_SLAB_MM) }),
      });
    },
  );
  const [ofVolume, ofRays] = ["transfers", "volume-windows"].map((id) => element(id, HTMLFieldSetElement));
  const checkTransfer = fillChoices(ofVolume, transfers, (name) =>
    whole.set({ transfer: (transfer = name) }),
  );
  const checkWindow = fillChoices(ofRays, presetNames, (window) => whole.set({ window }));
  const show = () => {
    const { projection, window } = whole.state;
    ofVolume.hidden = projection !== "dvr";
    ofRays.hidden = projection === "dvr" || !isHu;
    if (projection === "mpr") return;
    if (isHu) windows[projection] = window;
    // Presets, colors and first windows are of HU: of other values one window is every projection's.
    else for (const name of Object.keys(windows) as Projection[]) windows[name] = window;
    checkProjection(projection);
    checkTransfer(transfer);
    checkWindow(presetOf(window));
  };
  for (const [id, face] of Object.entries(faces)) {
    const look = () => whole.set({ camera: { ...face, rollDeg: 0, zoom: 1, panMm: [0, 0] } });
    element(id, HTMLButtonElement).addEventListener("click", look, { signal });
  }
  whole.on("change", show);
  whole.set({ transfer });
  show();
}
