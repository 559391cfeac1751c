declare global {
  interface Window {
    /** Bytes of the buffers and textures that the page made and has not destroyed. */
    gpuBytes?: number;
  }
}

/** To run in a page before its own code: keeps count of what its GPU objects hold. */
export function countGpuMemory(): void {
  window.gpuBytes = 0;
  // A page that is not a secure context has no WebGPU.
  if (!("GPUDevice" in window)) return;
  const count = (bytes: number, object: GPUBuffer | GPUTexture) => {
    window.gpuBytes = (window.gpuBytes ?? 0) + bytes;
    const destroy = object.destroy.bind(object);
    let held = bytes;
    Object.defineProperty(object, "destroy", {
      value() {
        window.gpuBytes = (window.gpuBytes ?? 0) - held;
        held = 0;
        destroy();
      },
    });
  };
  const { createBuffer, createTexture } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    count(descriptor.size, buffer);
    return buffer;
  };
  GPUDevice.prototype.createTexture = function (descriptor) {
    const texture = createTexture.call(this, descriptor);
    count(4 * texture.width * texture.height * texture.depthOrArrayLayers, texture);
    return texture;
  };
}

/** To run in the page. */
export function gpuBytes(): number {
  return window.gpuBytes ?? 0;
}
