/** Told when there is something to do, and when all of it is done. */
export type Activity = { busy(): void; idle(): void };

/** Counts what there is to do. Each call begins something; what it returns ends that, however often it is called. */
export function makeOccupancy({ busy, idle }: Activity) {
  const going = new Set<symbol>();
  return () => {
    const one = Symbol("going");
    going.add(one);
    busy();
    return () => {
      if (going.delete(one) && going.size === 0) idle();
    };
  };
}
