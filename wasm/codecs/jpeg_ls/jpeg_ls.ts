// JPEG-LS (ITU-T T.87, ISO 14495-1), one component: the loops over bytes, symbols and samples. Headers,
// restart intervals and every error are the host's (src/decode/codecs/jpeg_ls/jpeg_ls.ts); what lies where,
// layout.ts. No data segment, no allocation: pointers in, numbers out.

export { unstuff } from "./unstuff";
export { build_gradients } from "./gradients";
export { build_reciprocals } from "./contexts";
export { decode_interval } from "./lines";
