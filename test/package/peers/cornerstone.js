// cornerstone3D asks hounsfield for slices by imageIds and shows them with the lungs on top.
import {
  Enums,
  imageLoader,
  init,
  metaData,
  RenderingEngine,
  setVolumesForViewports,
  volumeLoader,
} from "@cornerstonejs/core";
import vtkPiecewiseFunction from "@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js";
import vtkColorTransferFunction from "@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js";
import { cornerstoneImageLoader, cornerstoneMetadata } from "hounsfield/adapters";
import { chest, farthestMm, placeMm, sha256, show, shownLabels } from "./phantom.js";

export async function run(element) {
  const { engine, volume, lungs, data } = await chest();
  init({ rendering: { webGlContextCount: 1 } });
  const volumes = new Map([
    ["ct", volume],
    ["lungs", { grid: lungs.grid, read: (z0, z1) => lungs.readLabels(z0, z1) }],
  ]);
  imageLoader.registerImageLoader("hounsfield", cornerstoneImageLoader(volumes));
  const frameOfReferenceUid = "1.2.3";
  const ct = cornerstoneMetadata(
    { grid: volume.grid, values: volume.values, window: show.window, frameOfReferenceUid },
    "ct",
  );
  const labels = cornerstoneMetadata(
    { grid: lungs.grid, bits: 8, isSigned: false, frameOfReferenceUid, modality: "SEG" },
    "lungs",
  );
  metaData.addProvider(ct.provider);
  metaData.addProvider(labels.provider);
  const shown = await load("ct", ct.imageIds);
  const overlay = await load("lungs", labels.imageIds);
  await draw(element);
  const values = shown.voxelManager.getCompleteScalarDataArray();
  const bits = overlay.voxelManager.getCompleteScalarDataArray();
  const result = {
    isSame: (await sha256(values)) === (await sha256(data)),
    isSameLabels: (await sha256(bits)) === (await sha256(await lungs.readLabels())),
    farthestMm: farthestMm((index) => shown.imageData.indexToWorld(index)),
    order: shown.imageIds.indexOf(ct.imageIds[0]),
    type: shown.dataType,
    labels: shownLabels(bits),
  };
  engine.destroy();
  return result;
}

async function load(id, imageIds) {
  const volume = await volumeLoader.createAndCacheVolume(id, { imageIds });
  await new Promise((resolve, reject) => {
    volume.load(({ success, error, framesProcessed, totalNumFrames }) => {
      if (!success) reject(error);
      else if (framesProcessed === totalNumFrames) resolve();
    });
  });
  return volume;
}

/** A slice of the volume, along its own axes, and the lungs in colors over it. */
async function draw(element) {
  const renderingEngine = new RenderingEngine("engine");
  renderingEngine.enableElement({
    viewportId: "axial",
    type: Enums.ViewportType.ORTHOGRAPHIC,
    element,
    defaultOptions: { orientation: Enums.OrientationAxis.ACQUISITION, background: [0, 0, 0] },
  });
  const plain = ({ volumeActor }) => volumeActor.getProperty().setInterpolationTypeToNearest();
  const inColors = ({ volumeActor }) => {
    const color = vtkColorTransferFunction.newInstance();
    for (const [label, rgb] of show.colors.entries()) color.addRGBPoint(label, ...rgb);
    const opacity = vtkPiecewiseFunction.newInstance();
    opacity.addPoint(0, 0);
    opacity.addPoint(0.5, 0);
    // Its slices are volumes, where an opacity is one of a length of the ray: all or none.
    opacity.addPoint(1, 1);
    plain({ volumeActor });
    volumeActor.getProperty().setRGBTransferFunction(0, color);
    volumeActor.getProperty().setScalarOpacity(0, opacity);
  };
  const rendered = new Promise((resolve) =>
    element.addEventListener(Enums.Events.IMAGE_RENDERED, resolve, { once: true }),
  );
  const inputs = [
    { volumeId: "ct", callback: plain },
    { volumeId: "lungs", callback: inColors },
  ];
  await setVolumesForViewports(renderingEngine, inputs, ["axial"]);
  const viewport = renderingEngine.getViewport("axial");
  const focalPoint = placeMm([47.5, 47.5, show.slice]);
  viewport.setCamera({
    focalPoint,
    position: focalPoint.map((at, i) => at - 500 * show.up[i]),
    viewUp: show.down.map((at) => -at),
    parallelScale: show.halfHeightMm,
  });
  renderingEngine.render();
  await rendered;
}
