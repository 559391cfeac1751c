// three.js draws with the device that hounsfield computes on.
import { lungMask } from "hounsfield";
import { threeTextureArguments } from "hounsfield/adapters";
import { windowByteSlabs } from "hounsfield/ops";
import { texture3D, uv, vec3, vec4 } from "three/tsl";
import {
  Data3DTexture,
  LinearSRGBColorSpace,
  Matrix4,
  Mesh,
  MeshBasicNodeMaterial,
  OrthographicCamera,
  PlaneGeometry,
  RedFormat,
  Scene,
  Vector3,
  WebGPURenderer,
} from "three/webgpu";
import { chest, farthestMm, grid, sha256, show, shownLabels } from "./phantom.js";

export async function run(element) {
  const { engine, volume, lungs } = await chest({ device: "gpu", software: "fallback" });
  const renderer = new WebGPURenderer({ device: engine.device });
  renderer.outputColorSpace = LinearSRGBColorSpace;
  renderer.setSize(192, 192);
  element.append(renderer.domElement);
  await renderer.init();
  const isShared = renderer.backend.device === engine.device;
  const low = show.window.center - show.window.width / 2;
  const gray = await bytesOf(windowByteSlabs(volume, { lowHu: low, highHu: low + show.window.width }));
  const { data, width, height, depth, textureToMm } = threeTextureArguments({ grid, data: gray });
  const texture = new Data3DTexture(data, width, height, depth);
  texture.format = RedFormat;
  texture.unpackAlignment = 1;
  texture.needsUpdate = true;
  const labels = await lungs.readLabels();
  const before = await sha256(labels);
  draw(renderer, texture);
  renderer.dispose();
  const after = await sha256(await (await lungMask(volume)).readLabels());
  const matrix = new Matrix4().fromArray(textureToMm);
  const result = {
    isShared,
    labels: shownLabels(labels),
    farthestMm: farthestMm(([x, y, z]) =>
      new Vector3((x + 0.5) / width, (y + 0.5) / height, (z + 0.5) / depth).applyMatrix4(matrix).toArray(),
    ),
    // The engine computes on, after three.js has drawn and has gone.
    isSameAfter: after === before,
  };
  engine.destroy();
  return result;
}

async function bytesOf(slabs) {
  const bytes = new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]);
  for await (const { z0, values } of slabs) bytes.set(values, z0 * grid.size[0] * grid.size[1]);
  return bytes;
}

/** The slice, its first row above. */
function draw(renderer, texture) {
  const material = new MeshBasicNodeMaterial();
  const at = vec3(uv().x, uv().y.oneMinus(), (show.slice + 0.5) / grid.size[2]);
  material.colorNode = vec4(vec3(texture3D(texture, at).r), 1);
  const scene = new Scene();
  scene.add(new Mesh(new PlaneGeometry(2, 2), material));
  renderer.render(scene, new OrthographicCamera(-1, 1, 1, -1, -1, 1));
}
