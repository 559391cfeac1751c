// A model runs on the tensor of a lung's box, on the engine's device; what it gives lies over the picture.
// From the box to the picture nothing is read back.
import { createView } from "hounsfield";
import { onnxTensorArguments } from "hounsfield/adapters";
import {
  boundingBox,
  crop,
  masksFromTensor,
  resampleMask,
  scaleIntensityRange,
  toTensor,
} from "hounsfield/ops";
import * as ort from "onnxruntime-web/webgpu";
import { MODEL, modelBytes } from "./model.js";
import { chest, grid, placeMm, show, shownLabels } from "./phantom.js";

export async function run(element) {
  const { engine, volume, lungs, data } = await chest({ device: "gpu", software: "fallback" });
  const box = await boundingBox(lungs.right);
  const mapped = countMaps();
  const { fromHu, toHu } = MODEL;
  const cropped = await crop(volume, box);
  const tensor = await toTensor(cropped, { value: scaleIntensityRange({ fromHu, toHu }) });
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(modelBytes(tensor.dims), {
    executionProviders: [{ name: "webgpu", device: engine.device }],
    preferredOutputLocation: "gpu-buffer",
  });
  const { lung } = await session.run({ image: ort.Tensor.fromGpuBuffer(...onnxTensorArguments(tensor)) });
  const { gpuBuffer, dims } = lung;
  const [boxed] = await masksFromTensor(engine, { data: gpuBuffer, dims, grid: cropped.grid });
  const mask = await resampleMask(boxed, { onto: volume.grid });
  await draw(element, volume, mask);
  const readBytes = mapped();
  const bits = await mask.read();
  const result = {
    readBytes,
    readBytesAfter: mapped(),
    dims: [...dims],
    location: lung.location,
    labels: shownLabels(bits),
    ...compare(bits, data, box),
  };
  await session.release();
  engine.destroy();
  return result;
}

/** How many bytes are mapped for reading from here on. */
function countMaps() {
  const { mapAsync } = GPUBuffer.prototype;
  let bytes = 0;
  GPUBuffer.prototype.mapAsync = function (mode, ...range) {
    if (mode === GPUMapMode.READ) bytes += this.size;
    return mapAsync.call(this, mode, ...range);
  };
  return () => bytes;
}

async function draw(element, volume, mask) {
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "display: block; width: 192px; height: 192px";
  element.append(canvas);
  const { center, width } = show.window;
  const view = createView(canvas, volume, {
    projection: "mpr",
    window: { centerHu: center, widthHu: width },
    mpr: {
      plane: { right: show.right, down: show.down },
      pointMm: placeMm([47.5, 47.5, show.slice]),
      interpolation: "nearest",
    },
    masks: { lung: mask },
    overlays: [{ mask: "lung", color: [1, 0, 0], opacity: 1, outline: 0 }],
  });
  await view.settled();
}

/** With the model in plain numbers; where those are as good as a half either is right. */
function compare(bits, data, { from, to }) {
  const [columns, rows] = grid.size;
  const { fromHu, toHu, thresholdHu, steepness } = MODEL;
  const scaled = (hu) => Math.min(1, Math.max(0, (hu - fromHu) / (toHu - fromHu)));
  let [wrong, lung] = [0, 0];
  for (let z = from[2]; z < to[2]; z++)
    for (let y = from[1]; y < to[1]; y++)
      for (let x = from[0]; x < to[0]; x++) {
        let sum = 0;
        // Around the box there are zeros.
        for (let k = Math.max(from[2], z - 1); k < Math.min(to[2], z + 2); k++)
          for (let j = Math.max(from[1], y - 1); j < Math.min(to[1], y + 2); j++)
            for (let i = Math.max(from[0], x - 1); i < Math.min(to[0], x + 2); i++)
              sum += scaled(data[(k * rows + j) * columns + i]);
        const score = steepness * (scaled(thresholdHu) - sum / 27);
        const bit = bits[(z * rows + y) * columns + x];
        lung += bit;
        if (Math.abs(score) > 1e-3 && score > 0 !== (bit === 1)) wrong++;
      }
  return { wrong, lung, outside: bits.reduce((sum, bit) => sum + bit, 0) - lung };
}
