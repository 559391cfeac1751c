// NiiVue by WebGL2, DICOM made NIfTI by dcm2niix in a worker, as in its example.
//
// Not the same work as the others', for it cannot be told to do it: it has no maximum projection (its first
// picture is bone); a step is one voxel long (0.748 mm of P001 in the plane that these rays lie in, twice the
// others' step), and no quarter of it can be had; its texture is eight bits each of color and opacity, looked
// up before interpolation; light is a sphere's picture looked up by a blurred gradient of that texture, and
// its highlight multiplies; opacity counts twice where the picture is laid on its background, so that what is
// faint is darker.
import { Dcm2niix } from "@niivue/dcm2niix";
import { cmapper, Niivue, NVImage, SLICE_TYPE } from "@niivue/niivue";
import { fetchFiles } from "../fetch_files.js";
import { CANVAS_PX, halfHeightMm, modes } from "../scene.js";
import { aboutWebGl, finishWebGl } from "../webgl.js";
import { colormapOf, matcapUrl } from "./look.js";

/** @typedef {import("../scene.js").Mode} Mode */

const container = /** @type {HTMLElement} */ (document.querySelector("#container"));
container.style.cssText = `width: ${CANVAS_PX}px; height: ${CANVAS_PX}px`;
const ANTERIOR_DEG = 180;
/** @type {{ niivue: Niivue, volume: NVImage, mode: Mode | undefined }} */
let scene;

window.contestant = {
  async load(urls) {
    const started = performance.now();
    const [niivue, file] = await Promise.all([openNiivue(), convert(urls)]);
    const volume = await NVImage.loadFromFile({ file, colormap: "gray" });
    const loadedMs = performance.now() - started;
    scene = { niivue, volume, mode: undefined };
    setLook("bone");
    aim(0);
    niivue.addVolume(volume);
    finishWebGl(niivue.gl);
    const fullMs = performance.now() - started;
    return { firstMs: fullMs, loadedMs, fullMs };
  },
  /**
   * A new color map makes NiiVue fill its texture of colors anew, and the one of gradients: then it draws.
   */
  async change(mode) {
    if (scene.mode === mode) return undefined;
    const started = performance.now();
    const { niivue } = scene;
    setLook(mode);
    niivue.refreshColormaps();
    await niivue.setVolumeRenderIllumination(modes[mode].lit ? 1 : 0);
    finishWebGl(niivue.gl);
    return { ms: performance.now() - started };
  },
  async frame(_mode, azimuthDeg) {
    const started = performance.now();
    const { niivue } = scene;
    aim(azimuthDeg);
    niivue.drawScene();
    finishWebGl(niivue.gl);
    return { ms: performance.now() - started };
  },
  about: () => ({ adapter: aboutWebGl(scene.niivue.gl) }),
};

async function openNiivue() {
  const niivue = new Niivue({
    backColor: [0, 0, 0, 1],
    show3Dcrosshair: false,
    isOrientationTextVisible: false,
    isColorbar: false,
    loadingText: "",
    forceDevicePixelRatio: -1,
    logLevel: "error",
  });
  const canvas = /** @type {HTMLCanvasElement} */ (container.querySelector("canvas"));
  await niivue.attachToCanvas(canvas, false);
  await niivue.loadMatCapTexture(await matcapUrl());
  niivue.setSliceType(SLICE_TYPE.RENDER);
  return niivue;
}

/** @param {readonly string[]} urls */
async function convert(urls) {
  const converter = new Dcm2niix();
  const [files] = await Promise.all([fetchFiles(urls), converter.init()]);
  const made = await converter.input(files).b("n").z("n").run();
  converter.worker.terminate();
  const nifti = made.find(({ name }) => name.endsWith(".nii"));
  if (!nifti) throw new Error("dcm2niix made no NIfTI");
  return nifti;
}

/** @param {Mode} mode */
function setLook(mode) {
  const { volume } = scene;
  const { transfer } = modes[mode];
  if (!transfer) throw new Error(`NiiVue has no ${mode}`);
  cmapper.addColormap(mode, colormapOf(transfer, volume.pixDimsRAS[1]));
  [volume.cal_min, volume.cal_max] = transfer.map(({ hu }) => hu);
  volume._colormap = mode;
  scene.mode = mode;
}

/**
 * NiiVue's scale is in halves of the volume's diagonal, of which it shows 0.8: calculateMvpMatrix.
 * @param {number} azimuthDeg
 */
function aim(azimuthDeg) {
  const { niivue, volume } = scene;
  const [, ...spacingMm] = volume.pixDimsRAS;
  const [, ...size] = volume.dimsRAS;
  const halfDiagonalMm = Math.hypot(...size.map((count, axis) => count * spacingMm[axis])) / 2;
  niivue.scene.volScaleMultiplier = (0.8 * halfDiagonalMm) / halfHeightMm(size, spacingMm);
  niivue.scene.renderAzimuth = ANTERIOR_DEG - azimuthDeg;
  niivue.scene.renderElevation = 0;
}
