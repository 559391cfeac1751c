// The last passes of decoding by themselves, for codecs whose samples come from elsewhere.

export { pack_rows } from "../common/pack";
export { clip_samples } from "./clip";
