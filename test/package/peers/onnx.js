// A model runs on the tensor of a lung's box, on the engine's device; what it gives lies over the picture.
// From the box to the picture nothing is read back.
import { createMask, createView, gpuRangesOf } from "hounsfield";
import { onnxTensorArguments } from "hounsfield/adapters";
import { boundingBox, crop, scaleIntensityRange, toTensor } from "hounsfield/ops";
import * as ort from "onnxruntime-web/webgpu";
import { MODEL, modelBytes } from "./model.js";
import { chest, grid, placeMm, show, shownLabels } from "./phantom.js";

export async function run(element) {
  const { engine, volume, lungs, data } = await chest({ device: "gpu", software: "fallback" });
  const box = await boundingBox(lungs.right);
  const mask = await createMask(engine, { data: new Uint8Array(data.length), grid });
  const mapped = countMaps();
  const { fromHu, toHu } = MODEL;
  const tensor = await toTensor(await crop(volume, box), { value: scaleIntensityRange({ fromHu, toHu }) });
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(modelBytes(tensor.dims), {
    executionProviders: [{ name: "webgpu", device: engine.device }],
    preferredOutputLocation: "gpu-buffer",
  });
  const { lung } = await session.run({ image: ort.Tensor.fromGpuBuffer(...onnxTensorArguments(tensor)) });
  intoMask(engine.device, lung.gpuBuffer, box, mask);
  await draw(element, volume, mask);
  const readBytes = mapped();
  const bits = await mask.read();
  const result = {
    readBytes,
    readBytesAfter: mapped(),
    dims: [...lung.dims],
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

/** Likelihoods above a half of the box, in the bits of a mask of the whole grid, by the host's own shader. */
function intoMask(device, likelihoods, { from, to }, mask) {
  const [columns, rows, slices] = grid.size;
  const rowWords = Math.ceil(columns / 32);
  const words = rowWords * rows * slices;
  const code = `
    @group(0) @binding(0) var<storage, read> likelihoods: array<f32>;
    @group(0) @binding(1) var<storage, read_write> words: array<u32>;
    const origin = vec3i(${from.join()});
    const size = vec3i(${to.map((end, i) => end - from[i]).join()});
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x >= ${words}u) { return; }
      let x = 32 * i32(id.x % ${rowWords}u);
      let y = i32(id.x / ${rowWords}u) % ${rows};
      let z = i32(id.x / ${rowWords * rows}u);
      var word = 0u;
      for (var bit = 0; bit < 32; bit++) {
        let at = vec3i(x + bit, y, z) - origin;
        if (all(at >= vec3i()) && all(at < size) && likelihoods[(at.z * size.y + at.y) * size.x + at.x] > 0.5) {
          word |= 1u << u32(bit);
        }
      }
      words[id.x] = word;
    }`;
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }) },
  });
  const made = device.createBuffer({
    size: 4 * words,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  const entries = [likelihoods, made].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(Math.ceil(words / 64));
  pass.end();
  const [{ buffer }] = gpuRangesOf(mask);
  encoder.copyBufferToBuffer(made, 0, buffer, 0, 4 * words);
  device.queue.submit([encoder.finish()]);
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
