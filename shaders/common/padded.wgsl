// Bits with margins: slices of `padded_rows` rows of `padded_pitch` words, the last of each row always 0, so
// that the words beside a row's first and last are empty; the volume begins at word `padded_first`, with
// empty rows and slices all around as far as an element reaches. No bounds are checked then, and every mask
// of one element has the same word at the same place. The includer declares these params.

fn padded_word(x: u32, y: u32, z: u32) -> u32 {
  return params.padded_first + (z * params.padded_rows + y) * params.padded_pitch + x;
}
