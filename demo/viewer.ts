import {
  attachAnnotations,
  type CtVolume,
  createView,
  isHounsfieldError,
  linkViews,
  usualWindow,
  type View,
} from "hounsfield";
import { type PaneName, paneOf, planes } from "./panes.js";

/** A volume in four panes that share a crosshair, from its opening to its closing. */
export interface Viewer {
  readonly volume: CtVolume;
  /** Axial, coronal, sagittal: they share window and slab, so that to set one is to set all. */
  readonly cuts: readonly View[];
  readonly whole: View;
  readonly panes: Readonly<Record<PaneName, View>>;
  /** Aborted when the viewer closes: what listens for it listens no longer. */
  readonly closed: AbortSignal;
  close(): void;
}

export interface ViewerHooks {
  /** What should be said while it lasts; undefined when it is over. */
  onNotice(text: string | undefined): void;
  onError(error: unknown): void;
}

/** The panes begin to show the volume as soon as something of it is there. */
export function openViewer(volume: CtVolume, { onNotice, onError }: ViewerHooks): Viewer {
  const closing = new AbortController();
  const make = (name: PaneName, options: Parameters<typeof createView>[2]) =>
    createView(paneOf(name).canvas, volume, options);
  const cuts = planes.map((plane) => make(plane, { projection: "mpr", mpr: { plane } }));
  const isHu = volume.values.units === "HU";
  // The files' own window, which views begin with; else that of the values, once they are there.
  const begun = cuts[0].state.window;
  cuts[0]
    .settled()
    .then(() => usualWindow(volume))
    .then((window) => {
      if (cuts[0].state.window === begun) cuts[0].set({ window });
      if (!isHu) whole.set({ window });
    })
    // The view tells of its end by itself.
    .catch(() => {});
  // Where a CPU plays the GPU, a lit volume takes minutes; a maximum, seconds.
  const projection = volume.engine.adapter.software || !isHu ? "mip" : "dvr";
  const whole = make("volume", { projection, ...(isHu && { window: "bone" }) });
  const [axial, coronal, sagittal] = cuts;
  const panes = { axial, coronal, sagittal, volume: whole };
  const ends = [linkViews(cuts, { window: true, slab: true }), linkViews([axial, whole])];
  for (const [name, view] of Object.entries(panes)) {
    const { picture, canvas } = paneOf(name as PaneName);
    ends.push(attachAnnotations(view, picture, { others: cuts }));
    showBusy(view, canvas);
    showWaiting(view, picture);
    view.on("error", ({ error }) => onError(error));
  }
  whole.on("lost", () => onNotice("The GPU was lost. The picture is coming back."));
  whole.on("recovered", () => onNotice(whole.downsampling?.reason));
  whole.on("notice", (notice) => {
    if (notice.code === "downsampled") onNotice(notice.downsampling.reason);
  });
  const close = () => {
    closing.abort();
    for (const end of ends) end();
    for (const view of Object.values(panes)) view.destroy();
    volume.destroy();
  };
  return { volume, cuts, whole, panes, closed: closing.signal, close };
}

/** A canvas says busy until its picture is refined. */
function showBusy(view: View, canvas: HTMLCanvasElement): void {
  const follow = () => {
    canvas.ariaBusy = "true";
    view.settled().then(
      () => (canvas.ariaBusy = "false"),
      // Closed, or failed, which the view tells by itself.
      () => {},
    );
  };
  view.on("change", follow);
  view.on("resize", follow);
  view.on("lost", follow);
  follow();
}

/** Over the picture until there is one. */
function showWaiting(view: View, picture: HTMLElement): void {
  picture.classList.add("waiting");
  const end = view.on("drawn", () => {
    picture.classList.remove("waiting");
    end();
  });
}

/** A loss of the device is the views' affair: what else was under way need not tell of it. */
export function unlessLost(onError: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    if (!isHounsfieldError(error, "device-lost")) onError(error);
  };
}
