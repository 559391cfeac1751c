// cornerstone3D by WebGL2, DICOM read by its own image loader: a VOLUME_3D viewport, as in its example of
// volume rendering.
//
// Set as well as it can be: a worker a core (half of that is usual), one WebGL context (seven are usual, for
// several viewports), and the volume shown when all of it is there. With its viewport drawn as slices come,
// as is usual, a first frame of three slices is there earlier, but P001 is redrawn 30 times on SwiftShader
// and takes 107 instead of 11 CPU seconds to the full picture. Slices of `wadouri` addresses are not sorted
// by position: they come sorted here. Texture r32float, as SwiftShader has no EXT_texture_norm16; vtk.js
// 36.4.1, which it brings.
import {
  cache,
  Enums,
  eventTarget,
  init as initCore,
  RenderingEngine,
  setVolumesForViewports,
  volumeLoader,
} from "@cornerstonejs/core";
import { init as initLoader } from "@cornerstonejs/dicom-image-loader";
import vtkPiecewiseFunction from "@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js";
import vtkColorTransferFunction from "@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js";
import { CANVAS_PX } from "../scene.js";
import { aim, look } from "../vtk_look.js";
import { aboutWebGl, finishWebGl } from "../webgl.js";

const [viewportId, volumeId] = ["viewport", "volume:series"];
/** @typedef {import("../scene.js").Mode} Mode */

const container = /** @type {HTMLElement} */ (document.querySelector("#container"));
container.style.cssText = `width: ${CANVAS_PX}px; height: ${CANVAS_PX}px`;
/** @type {Awaited<ReturnType<typeof makeScene>>} */
let scene;

window.contestant = {
  async load(urls, stepMm) {
    const started = performance.now();
    initCore({ rendering: { webGlContextCount: 1 } });
    initLoader({ maxWebWorkers: navigator.hardwareConcurrency });
    const volume = await volumeLoader.createAndCacheVolume(volumeId, {
      imageIds: urls.map((url) => `wadouri:${url}`),
    });
    const loaded = once(eventTarget, Enums.Events.IMAGE_VOLUME_LOADING_COMPLETED);
    volume.load();
    await loaded;
    const loadedMs = performance.now() - started;
    scene = await makeScene(stepMm);
    await draw("mip", 0);
    const fullMs = performance.now() - started;
    return { firstMs: fullMs, loadedMs, fullMs };
  },
  async frame(mode, azimuthDeg) {
    const started = performance.now();
    await draw(mode, azimuthDeg);
    return { ms: performance.now() - started };
  },
  async fine(mode, azimuthDeg, factor) {
    scene.mode = undefined;
    const { mapper, stepMm } = scene;
    mapper.setSampleDistance(stepMm / factor);
    mapper.setMaximumSamplesPerRay(4000 * factor);
    await draw(mode, azimuthDeg);
  },
  about: () => ({
    adapter: `${aboutWebGl(scene.gl)}; ${(cache.getCacheSize() / 1e6).toFixed(0)} MB in its cache`,
  }),
};

/** @param {number} stepMm */
async function makeScene(stepMm) {
  const engine = new RenderingEngine("engine");
  engine.enableElement({
    viewportId,
    type: Enums.ViewportType.VOLUME_3D,
    element: container,
    defaultOptions: { background: [0, 0, 0], parallelProjection: true },
  });
  await setVolumesForViewports(engine, [{ volumeId }], [viewportId]);
  const viewport = engine.getViewport(viewportId);
  const { actor } = viewport.getDefaultActor();
  const mapper = actor.getMapper();
  mapper.setAutoAdjustSampleDistances(false);
  mapper.setSampleDistance(stepMm);
  const property = actor.getProperty();
  property.setInterpolationTypeToLinear();
  const gl = engine.getOffscreenMultiRenderWindow(viewportId).getOpenGLRenderWindow().get3DContext();
  return { viewport, mapper, property, gl, stepMm, mode: /** @type {Mode | undefined} */ (undefined) };
}

/**
 * Its `setBlendMode` does nothing in a VOLUME_3D viewport, so that the mapper is set, as for vtk.js.
 * @param {Mode} mode
 * @param {number} azimuthDeg
 */
async function draw(mode, azimuthDeg) {
  const { viewport, mapper, property, gl } = scene;
  if (scene.mode !== mode) look(mode, { mapper, property, vtkPiecewiseFunction, vtkColorTransferFunction });
  scene.mode = mode;
  aim(viewport.getVtkActiveCamera(), mapper.getInputData(), azimuthDeg);
  viewport.getRenderer().resetCameraClippingRange();
  const rendered = once(container, Enums.Events.IMAGE_RENDERED);
  viewport.render();
  await rendered;
  finishWebGl(gl);
}

/** @param {EventTarget} target @param {string} event */
function once(target, event) {
  return new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));
}
