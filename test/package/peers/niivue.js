// NiiVue opens the NIfTI that hounsfield makes of a volume and of its lungs.
import { Niivue, NVImage, SLICE_TYPE } from "@niivue/niivue";
import { niivueFile } from "hounsfield/adapters";
import { chest, farthestMm, sha256, show, shownLabels } from "./phantom.js";

export async function run(element) {
  const { engine, volume, lungs, data } = await chest();
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "width: 192px; height: 192px";
  element.append(canvas);
  const nv = new Niivue({
    isRadiologicalConvention: true,
    isOrientationTextVisible: false,
    isNearestInterpolation: true,
    crosshairWidth: 0,
    backColor: [0, 0, 0, 1],
  });
  await nv.attachToCanvas(canvas);
  nv.setSliceType(SLICE_TYPE.AXIAL);
  const low = show.window.center - show.window.width / 2;
  const high = low + show.window.width;
  const ct = niivueFile({ grid: volume.grid, data: await volume.read() }, { window: { low, high } });
  nv.addVolume(await NVImage.loadFromFile({ file: new File([ct], "ct.nii"), colormap: "gray" }));
  const labels = niivueFile({ grid: lungs.grid, data: await lungs.readLabels() });
  nv.addVolume(
    await NVImage.loadFromFile({
      file: new File([labels], "lungs.nii"),
      colormap: "red",
      opacity: 1,
      cal_min: 0.5,
      cal_max: 0.6,
    }),
  );
  nv.scene.crosshairPos = nv.vox2frac([48, 48, show.slice]);
  nv.drawScene();
  nv.gl.finish();
  const [image] = nv.volumes;
  const affine = image.hdr.affine;
  const result = {
    isSame: (await sha256(image.img)) === (await sha256(data)),
    // RAS there.
    farthestMm: farthestMm(([x, y, z]) =>
      affine
        .slice(0, 3)
        .map((row, axis) => (axis < 2 ? -1 : 1) * (row[0] * x + row[1] * y + row[2] * z + row[3])),
    ),
    labels: shownLabels(nv.volumes[1].img),
    range: [image.cal_min, image.cal_max],
  };
  engine.destroy();
  return result;
}
