// vtk.js by WebGL2, DICOM read by itk-wasm with its pool of workers: the quickest way to a picture that its
// examples have.
import "@kitware/vtk.js/Rendering/Profiles/Volume";
import { readImageDicomFileSeries, setPipelinesBaseUrl, setPipelineWorkerUrl } from "@itk-wasm/dicom";
import vtkITKHelper from "@kitware/vtk.js/Common/DataModel/ITKHelper";
import vtkPiecewiseFunction from "@kitware/vtk.js/Common/DataModel/PiecewiseFunction";
import vtkColorTransferFunction from "@kitware/vtk.js/Rendering/Core/ColorTransferFunction";
import vtkVolume from "@kitware/vtk.js/Rendering/Core/Volume";
import vtkVolumeMapper from "@kitware/vtk.js/Rendering/Core/VolumeMapper";
import vtkGenericRenderWindow from "@kitware/vtk.js/Rendering/Misc/GenericRenderWindow";
import { fetchFiles } from "../fetch_files.js";
import { CANVAS_PX } from "../scene.js";
import { aim, look } from "../vtk_look.js";
import { aboutWebGl, finishWebGl } from "../webgl.js";

setPipelinesBaseUrl(new URL("/itk/pipelines", location.href).href);
setPipelineWorkerUrl(new URL("/itk/worker/itk-wasm-pipeline.min.worker.js", location.href).href);

/** @typedef {import("../scene.js").Mode} Mode */

const container = /** @type {HTMLElement} */ (document.querySelector("#container"));
container.style.cssText = `width: ${CANVAS_PX}px; height: ${CANVAS_PX}px`;
/** @type {ReturnType<typeof makeScene>} */
let scene;

window.contestant = {
  async load(urls, stepMm) {
    const started = performance.now();
    const files = await fetchFiles(urls);
    const { outputImage, webWorkerPool } = await readImageDicomFileSeries({
      inputImages: files,
      singleSortedSeries: true,
    });
    webWorkerPool.terminateWorkers();
    const image = vtkITKHelper.convertItkToVtkImage(outputImage);
    const loadedMs = performance.now() - started;
    scene = makeScene(image, stepMm);
    draw("mip", 0);
    const fullMs = performance.now() - started;
    return { firstMs: fullMs, loadedMs, fullMs };
  },
  async frame(mode, azimuthDeg) {
    const started = performance.now();
    draw(mode, azimuthDeg);
    return { ms: performance.now() - started };
  },
  async fine(mode, azimuthDeg, factor) {
    scene.mode = undefined;
    const { mapper, stepMm } = scene;
    mapper.setSampleDistance(stepMm / factor);
    mapper.setMaximumSamplesPerRay(4000 * factor);
    draw(mode, azimuthDeg);
  },
  about: () => ({ adapter: aboutWebGl(scene.gl) }),
};

/** @param {VtkImage} image @param {number} stepMm */
function makeScene(image, stepMm) {
  const generic = vtkGenericRenderWindow.newInstance({ background: [0, 0, 0] });
  generic.setContainer(container);
  generic.resize();
  const mapper = vtkVolumeMapper.newInstance();
  mapper.setInputData(image);
  mapper.setAutoAdjustSampleDistances(false);
  mapper.setSampleDistance(stepMm);
  mapper.setMaximumSamplesPerRay(4000);
  const actor = vtkVolume.newInstance();
  actor.setMapper(mapper);
  const property = actor.getProperty();
  property.setInterpolationTypeToLinear();
  generic.getRenderer().addVolume(actor);
  const gl = generic.getApiSpecificRenderWindow().getContext();
  return { image, mapper, property, generic, gl, stepMm, mode: /** @type {Mode | undefined} */ (undefined) };
}

/** @param {Mode} mode @param {number} azimuthDeg */
function draw(mode, azimuthDeg) {
  const { generic, mapper, property, image, gl } = scene;
  if (scene.mode !== mode) look(mode, { mapper, property, vtkPiecewiseFunction, vtkColorTransferFunction });
  scene.mode = mode;
  const camera = generic.getRenderer().getActiveCamera();
  aim(camera, image, azimuthDeg);
  generic.getRenderer().resetCameraClippingRange();
  generic.getRenderWindow().render();
  finishWebGl(gl);
}
