// The display texture stores HU - 1024: half floats are exact for integers to 2048 of either sign, so
// -1024..3071 HU is.
const display_offset_hu = 1024.0;
