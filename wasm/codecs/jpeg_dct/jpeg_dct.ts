// JPEG by discrete cosine transform, Huffman, one component: sequential and progressive (ITU-T T.81 Annexes F
// and G), 8 and 12 bits. The loops over bits, coefficients and samples; headers, memory layout, restart
// intervals and every error are the host's (src/decode/codecs/jpeg_dct/jpeg_dct.ts). No data segment, no
// state, no allocation: pointers in, numbers out. Coefficients are i16, 64 a block, quantized, where `order`
// puts them; blocks lie in the order of their decoding.

export { buildTable } from "./huffman";
export { decodeSequential } from "./sequential";
export { decodeAcFirst, decodeDcFirst } from "./progressive_first";
export { decodeAcRefine, decodeDcRefine } from "./progressive_refine";
export { reconstructRow } from "./inverse_dct";
export { unstuff } from "../common/unstuff";
export { packRows } from "../common/pack";
