// A tiny model in ONNX's own format (onnx.proto3), written field by field: the mean of 27 voxels by a 3D
// convolution, and of that a likelihood of lung.

/** Values of the input are 0..1 for -1000..400 HU; half of the likelihoods lie below -500 HU. */
export const MODEL = { fromHu: -1000, toHu: 400, thresholdHu: -500, steepness: 20 };

/** @param {readonly number[]} dims N, C, D, H, W */
export function modelBytes(dims) {
  const { fromHu, toHu, thresholdHu, steepness } = MODEL;
  const threshold = (thresholdHu - fromHu) / (toHu - fromHu);
  const graph = [
    bytes(1, node("Conv", ["image", "weights"], "mean", [ints("pads", [1, 1, 1, 1, 1, 1])])),
    bytes(1, node("Mul", ["mean", "factor"], "scaled", [])),
    bytes(1, node("Add", ["scaled", "offset"], "score", [])),
    bytes(1, node("Sigmoid", ["score"], "lung", [])),
    text(2, "lung"),
    bytes(5, tensor("weights", [1, 1, 3, 3, 3], new Float32Array(27).fill(1 / 27))),
    bytes(5, tensor("factor", [1], Float32Array.of(-steepness))),
    bytes(5, tensor("offset", [1], Float32Array.of(steepness * threshold))),
    bytes(11, valueInfo("image", dims)),
    bytes(12, valueInfo("lung", dims)),
  ].flat();
  const opset = [...text(1, ""), ...number(2, 17)];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, opset)]);
}

function node(operator, inputs, output, attributes) {
  const named = [...inputs.flatMap((name) => text(1, name)), ...text(2, output), ...text(4, operator)];
  return [...named, ...attributes.flatMap((attribute) => bytes(5, attribute))];
}

function ints(name, values) {
  return [...text(1, name), ...values.flatMap((value) => number(8, value)), ...number(20, 7)];
}

function tensor(name, dims, values) {
  const raw = [...new Uint8Array(values.buffer)];
  return [...dims.flatMap((dim) => number(1, dim)), ...number(2, 1), ...text(8, name), ...bytes(9, raw)];
}

function valueInfo(name, dims) {
  const shape = dims.flatMap((dim) => bytes(1, number(1, dim)));
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, 1), ...bytes(2, shape)]))];
}

function varint(value) {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function number(field, value) {
  return [...varint(field * 8), ...varint(value)];
}

function bytes(field, content) {
  return [...varint(field * 8 + 2), ...varint(content.length), ...content];
}

function text(field, content) {
  return bytes(field, [...new TextEncoder().encode(content)]);
}
