export type RoundRobin<Item> = {
  /** All items, beginning after the one that was chosen last. */
  inOrder(): Item[];
  /** Notes the item that was chosen: the next round begins after it. */
  chose(item: Item): void;
};

/** Starts at a random place, so that several processes do not all ask the same worker first. */
export function makeRoundRobin<Item>(
  items: readonly Item[],
  start = Math.floor(Math.random() * items.length),
): RoundRobin<Item> {
  let first = start;
  return {
    inOrder: () => [...items.slice(first), ...items.slice(0, first)],
    chose: (item) => {
      first = (items.indexOf(item) + 1) % items.length;
    },
  };
}
