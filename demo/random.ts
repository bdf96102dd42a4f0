// Chance that can be repeated: the same seed makes the same library and the same edits.

/** Uniform in [0, 1). */
export type Random = () => number;

/** The generator "mulberry32", which is in the public domain. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the items. @throws RangeError if there are none */
export function pick<Item>(items: readonly Item[], random: Random): Item {
  const [item] = pickSome(items, 1, random);
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** `count` different ones, fewer if there are not as many, in the order in which they stood. */
export function pickSome<Item>(items: readonly Item[], count: number, random: Random): Item[] {
  let wanted = Math.min(count, items.length);
  return items.filter((_item, index) => {
    const taken = random() * (items.length - index) < wanted;
    if (taken) wanted -= 1;
    return taken;
  });
}
