// The scene in vtk.js' terms, for it and for cornerstone3D, which draws with it.
import { axesOf, halfHeightMm, mipWindow, modes, shading } from "./scene.js";

/** BlendMode of VolumeMapper. */
const COMPOSITE = 0;
const MAXIMUM = 1;

/**
 * @param {import("./scene.js").Mode} mode
 * @param {{ mapper: VtkMapper, property: VtkProperty, vtkPiecewiseFunction: VtkMaker<VtkPiecewiseFunction>,
 * vtkColorTransferFunction: VtkMaker<VtkColorTransferFunction> }} parts
 */
export function look(mode, { mapper, property, vtkPiecewiseFunction, vtkColorTransferFunction }) {
  const { transfer = windowPoints(mipWindow), lit = false } = modes[mode];
  const colors = vtkColorTransferFunction.newInstance();
  const opacity = vtkPiecewiseFunction.newInstance();
  for (const { hu, color, opacityPerMm } of transfer) {
    colors.addRGBPoint(hu, ...color);
    opacity.addPoint(hu, opacityPerMm);
  }
  property.setRGBTransferFunction(0, colors);
  property.setScalarOpacity(0, opacity);
  property.setScalarOpacityUnitDistance(0, 1);
  property.setShade(lit);
  property.setAmbient(shading.ambient);
  property.setDiffuse(shading.diffuse);
  property.setSpecular(shading.specular);
  property.setSpecularPower(shading.shininess);
  mapper.setBlendMode(mode === "mip" ? MAXIMUM : COMPOSITE);
}

/**
 * @param {{ lowHu: number, highHu: number }} window
 * @returns {import("./scene.js").TransferPoint[]}
 */
function windowPoints({ lowHu, highHu }) {
  return [
    { hu: lowHu, color: [0, 0, 0], opacityPerMm: 1 },
    { hu: highHu, color: [1, 1, 1], opacityPerMm: 1 },
  ];
}

/** @param {VtkCamera} camera @param {VtkImage} image @param {number} azimuthDeg */
export function aim(camera, image, azimuthDeg) {
  const { center, position, up, halfHeight } = viewpoint(image, azimuthDeg);
  camera.setParallelProjection(true);
  camera.setFocalPoint(...center);
  camera.setPosition(...position);
  camera.setViewUp(...up);
  camera.setParallelScale(halfHeight);
}

/**
 * Of a vtkImageData: from where it is looked at, in mm (LPS).
 * @param {VtkImage} image
 * @param {number} azimuthDeg
 */
export function viewpoint(image, azimuthDeg) {
  const bounds = image.getBounds();
  /** @param {0 | 1 | 2} axis */
  const middle = (axis) => (bounds[2 * axis] + bounds[2 * axis + 1]) / 2;
  const center = /** @type {const} */ ([middle(0), middle(1), middle(2)]);
  const { forward, up } = axesOf(azimuthDeg);
  /** @param {0 | 1 | 2} axis */
  const behind = (axis) => center[axis] - 1000 * forward[axis];
  const position = /** @type {const} */ ([behind(0), behind(1), behind(2)]);
  return { center, position, up, halfHeight: halfHeightMm(image.getDimensions(), image.getSpacing()) };
}
