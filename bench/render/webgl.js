/**
 * Waits until all is drawn: reading a pixel back is the one call that no driver answers early.
 * @param {WebGL2RenderingContext} gl
 */
export function finishWebGl(gl) {
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

/** @param {WebGL2RenderingContext} gl */
export function aboutWebGl(gl) {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  return `WebGL2, ${info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : "renderer not told"}`;
}
