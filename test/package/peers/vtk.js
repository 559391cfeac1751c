// vtk.js shows a volume of hounsfield and its lungs; hounsfield finds the lungs of a volume that vtk.js has
// read from a file of its own.
import "@kitware/vtk.js/Rendering/Profiles/Volume.js";
import vtkDataArray from "@kitware/vtk.js/Common/Core/DataArray.js";
import vtkImageData from "@kitware/vtk.js/Common/DataModel/ImageData.js";
import vtkPiecewiseFunction from "@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js";
import vtkXMLImageDataReader from "@kitware/vtk.js/IO/XML/XMLImageDataReader.js";
import vtkXMLImageDataWriter from "@kitware/vtk.js/IO/XML/XMLImageDataWriter.js";
import vtkColorTransferFunction from "@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js";
import vtkImageMapper from "@kitware/vtk.js/Rendering/Core/ImageMapper.js";
import vtkImageSlice from "@kitware/vtk.js/Rendering/Core/ImageSlice.js";
import vtkGenericRenderWindow from "@kitware/vtk.js/Rendering/Misc/GenericRenderWindow.js";
import { createVolume, lungMask } from "hounsfield";
import { voxelsOfVtk, vtkImageArguments } from "hounsfield/adapters";
import { chest, farthestMm, sha256, show, shownLabels } from "./phantom.js";

export async function run(element) {
  const { engine, volume, lungs, data } = await chest();
  const labels = await lungs.readLabels();
  const image = imageOf({ grid: volume.grid, data: await volume.read() });
  draw(element, image, imageOf({ grid: lungs.grid, data: labels }));
  const read = voxelsOfVtk(throughFile(image));
  const again = await createVolume(engine, read);
  const labelsAgain = await (await lungMask(again)).readLabels();
  const result = {
    farthestMm: farthestMm((index) => image.indexToWorld(index)),
    isSame: (await sha256(read.data)) === (await sha256(data)),
    isSameLabels: (await sha256(labelsAgain)) === (await sha256(labels)),
    labels: shownLabels(labels),
  };
  engine.destroy();
  return result;
}

function imageOf(voxels) {
  const { dimensions, spacing, origin, direction, values } = vtkImageArguments(voxels);
  const image = vtkImageData.newInstance({ spacing, origin, direction });
  image.setDimensions(dimensions);
  image.getPointData().setScalars(vtkDataArray.newInstance({ name: "HU", values, numberOfComponents: 1 }));
  return image;
}

/** What vtk.js makes of the image's bytes as its own format has them (.vti). */
function throughFile(image) {
  const writer = vtkXMLImageDataWriter.newInstance();
  const reader = vtkXMLImageDataReader.newInstance();
  reader.parseAsArrayBuffer(new TextEncoder().encode(writer.write(image)).buffer);
  return reader.getOutputData(0);
}

function draw(element, image, labels) {
  const generic = vtkGenericRenderWindow.newInstance({ background: [0, 0, 0] });
  generic.setContainer(element);
  generic.resize();
  const renderer = generic.getRenderer();
  renderer.addActor(
    sliceOf(image, (property) => {
      property.setColorWindow(show.window.width);
      property.setColorLevel(show.window.center);
    }),
  );
  renderer.addActor(
    sliceOf(labels, (property) => {
      const color = vtkColorTransferFunction.newInstance();
      for (const [label, rgb] of show.colors.entries()) color.addRGBPoint(label, ...rgb);
      const opacity = vtkPiecewiseFunction.newInstance();
      opacity.addPoint(0, 0);
      opacity.addPoint(1, show.opacity);
      property.setRGBTransferFunction(0, color);
      property.setPiecewiseFunction(opacity);
      property.setUseLookupTableScalarRange(true);
    }),
  );
  const camera = renderer.getActiveCamera();
  const center = image.getCenter();
  camera.setParallelProjection(true);
  camera.setFocalPoint(...center);
  camera.setPosition(...center.map((at, i) => at - 500 * show.up[i]));
  camera.setViewUp(...show.down.map((at) => -at));
  renderer.resetCamera();
  camera.setParallelScale(show.halfHeightMm);
  generic.getRenderWindow().render();
}

function sliceOf(image, setLook) {
  const mapper = vtkImageMapper.newInstance();
  mapper.setInputData(image);
  mapper.setKSlice(show.slice);
  const actor = vtkImageSlice.newInstance();
  actor.setMapper(mapper);
  const property = actor.getProperty();
  property.setInterpolationTypeToNearest();
  setLook(property);
  return actor;
}
