// The last passes of decoding by themselves, for codecs whose samples come from elsewhere.

export { packRows } from "../codec/pack";
export { clipSamples } from "./clip";
