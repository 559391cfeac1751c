// JPEG by discrete cosine transform, Huffman, one component: sequential and progressive (ITU-T T.81 Annexes F
// and G), 8 and 12 bits. The loops over bits, coefficients and samples; headers, memory layout, restart
// intervals and every error are the host's (src/decode/codecs/jpeg_dct/jpeg_dct.ts). No data segment, no
// state, no allocation: pointers in, numbers out. Coefficients are i16, 64 a block, quantized, where `order`
// puts them; blocks lie in the order of their decoding.

export { build_table } from "./huffman";
export { decode_sequential } from "./sequential";
export { decode_ac_first, decode_dc_first } from "./progressive_first";
export { decode_ac_refine, decode_dc_refine } from "./progressive_refine";
export { reconstruct_row } from "./inverse_dct";
export { unstuff } from "../common/unstuff";
export { pack_rows } from "../common/pack";
