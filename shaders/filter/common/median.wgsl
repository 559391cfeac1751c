// Medians of values that come partly sorted, lane by lane, by networks of minima and maxima: no branches, no
// arrays.

fn order4(a: ptr<function, vec4i>, b: ptr<function, vec4i>) {
  let least = min(*a, *b);
  *b = max(*a, *b);
  *a = least;
}

fn order2(a: ptr<function, vec2i>, b: ptr<function, vec2i>) {
  let least = min(*a, *b);
  *b = max(*a, *b);
  *a = least;
}

// Three values, ascending.
struct Triple {
  low: vec4i,
  middle: vec4i,
  high: vec4i,
}

fn triple_of(x: vec4i, y: vec4i, z: vec4i) -> Triple {
  let low = min(x, y);
  let high = max(x, y);
  return Triple(min(low, z), max(low, min(high, z)), max(high, z));
}

// Of lanes (0, 1, 2) and of lanes (1, 2, 3).
fn least_of(v: vec4i) -> vec2i {
  return min(min(v.xy, v.yz), v.zw);
}

fn middle_of(v: vec4i) -> vec2i {
  return max(min(v.xy, v.yz), min(max(v.xy, v.yz), v.zw));
}

fn greatest_of(v: vec4i) -> vec2i {
  return max(max(v.xy, v.yz), v.zw);
}

// Medians of 27 values twice: each lane brings 9, as three triples; lanes 0, 1, 2 make the first 27, lanes 1,
// 2, 3 the second.
fn median_of(a: Triple, b: Triple, c: Triple) -> vec2i {
  // The nine of each lane ascending, s0 to s8: Floyd's network, whose first nine comparisons made the
  // triples.
  let lows = triple_of(a.low, b.low, c.low);
  let middles = triple_of(a.middle, b.middle, c.middle);
  let highs = triple_of(a.high, b.high, c.high);
  let s0 = lows.low;
  var s1 = middles.low;
  var s2 = highs.low;
  var s3 = lows.middle;
  var s4 = middles.middle;
  var s5 = highs.middle;
  var s6 = lows.high;
  var s7 = middles.high;
  let s8 = highs.high;
  order4(&s1, &s3);
  order4(&s5, &s7);
  order4(&s2, &s6);
  order4(&s4, &s6);
  order4(&s2, &s4);
  order4(&s2, &s3);
  order4(&s5, &s6);

  // Three lists of nine, put in order rank by rank, stay ascending. Then the 14th of 27 is above the least of
  // ranks 0 to 4 and the middle of ranks 0 and 1 (each has 14 values above or equal), and mirrored at the
  // top: it is the 7th of the 13 that are left.
  var l0 = least_of(s5);
  var l1 = least_of(s6);
  var l2 = least_of(s7);
  var l3 = least_of(s8);
  var h0 = greatest_of(s0);
  var h1 = greatest_of(s1);
  var h2 = greatest_of(s2);
  var h3 = greatest_of(s3);
  // Batcher's merge of four and four: l0 to l3, h0 to h3 become one ascending list.
  order2(&l0, &h0);
  order2(&l1, &h1);
  order2(&l2, &h2);
  order2(&l3, &h3);
  order2(&l2, &h0);
  order2(&l3, &h1);
  order2(&l1, &l2);
  order2(&l3, &h0);
  order2(&h1, &h2);
  // The 7th of two ascending lists, of eight and of five: the least of what i of one and 7 - i of the other
  // reach up to.
  var median = h2;
  median = min(median, max(h1, middle_of(s2)));
  median = min(median, max(h0, middle_of(s3)));
  median = min(median, max(l3, middle_of(s4)));
  median = min(median, max(l2, middle_of(s5)));
  return min(median, max(l1, middle_of(s6)));
}
