// JPEG Lossless, Huffman (ITU-T T.81 Annex H), one component: the loops over bytes, symbols and samples.
// Headers, memory layout, restart intervals and every error are the host's
// (src/decode/codecs/jpeg_lossless/jpeg_lossless.ts). No data segment, no state, no allocation: pointers in,
// numbers out.

export { build_tables } from "./huffman_tables";
export { unstuff } from "../common/unstuff";
export { decode_run } from "./differences";
export { decode_split } from "./split";
export { predict_rows } from "./predict";
export { pack_rows } from "../common/pack";
