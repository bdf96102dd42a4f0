// Which scenes the page shows, and where: a scene that is shown keeps its place.

/**
 * @param slots scenes shown now, by place
 * @param newest scenes to show, at most as many as there are places
 * @returns the scenes by place: who stays, stays where it is; who comes takes a place left free
 */
export function placed(slots: readonly number[], newest: readonly number[]): readonly number[] {
  const coming = newest.filter((id) => !slots.includes(id));
  const kept = slots.flatMap((id) => {
    if (newest.includes(id)) return [id];
    const next = coming.shift();
    return next === undefined ? [] : [next];
  });
  return [...kept, ...coming];
}
