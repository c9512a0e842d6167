/**
 * Takes turns among items that may change. Starts at a random place, so that several processes do not all ask the same
 * worker first: `start` is a fraction of the list.
 */
export function makeRoundRobin<Item>(items: () => readonly Item[], start = Math.random()) {
  let chosen: { item: Item; at: number } | undefined;
  const begin = (all: readonly Item[]) => {
    if (!chosen) return Math.floor(start * all.length);
    const at = all.indexOf(chosen.item);
    // The one after an item that is gone has its place now.
    return at < 0 ? chosen.at : at + 1;
  };
  return {
    /** All items, beginning after the one that was chosen last. */
    inOrder: () => {
      const all = items();
      const first = begin(all) % Math.max(all.length, 1);
      return [...all.slice(first), ...all.slice(0, first)];
    },
    /** Notes the item that was chosen: the next round begins after it. */
    chose: (item: Item) => {
      chosen = { item, at: Math.max(items().indexOf(item), 0) };
    },
  };
}
