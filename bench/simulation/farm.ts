import { makeHelpers } from "./helpers.ts";
import { makeOwner } from "./owner.ts";
import { type Costs, type Farm, type Machine, type World, worldOf } from "./world.ts";

/** What comes before an encode. */
async function fetched({ costs, minutes }: World, { core, transfer, ask }: Machine) {
  await ask(3);
  await Promise.all([transfer(costs.sourceBytes * minutes), core.use(costs.fetch * minutes)]);
  await core.use(costs.open + costs.examine * minutes);
}

/** What comes after it. */
async function shown({ costs, minutes }: World, { core, ask }: Machine) {
  await core.use(costs.compare + costs.verify * minutes);
  await ask(5);
}

/** How long a job takes that one worker encodes as a whole. */
export function aloneSeconds(costs: Costs, farm: Farm): Promise<number> {
  const world = worldOf(costs, { ...farm, workers: 1 });
  const { time, machines, minutes } = world;
  const job = async () => {
    for (const machine of machines) {
      await fetched(world, machine);
      await Promise.all([machine.core.use(costs.whole * minutes), machine.transfer(costs.outputBytes * minutes)]);
      await shown(world, machine);
    }
    return time.now();
  };
  return time.run(job());
}

/** When each part of a job is over that several workers encode, in seconds from its order. */
export type Course = { fetched: number; encoded: number; joined: number; all: number; helped: number };

export function sharedSeconds(costs: Costs, farm: Farm): Promise<Course> {
  const world = worldOf(costs, farm);
  const { time, machines, minutes, pieces } = world;
  const [machine, ...others] = machines;
  if (!machine) throw new Error("a farm has a worker");
  const job = async (): Promise<Course> => {
    await fetched(world, machine);
    await machine.core.use(costs.hash * minutes);
    const before = time.now();
    const helpers = makeHelpers(world, others);
    const owner = makeOwner(world, machine, helpers.heard);
    await owner.encodeAll();
    helpers.end();
    const encoded = time.now();
    // All but the last word is removed, eight at a time.
    await machine.ask(3 + Math.ceil((pieces * 5) / 8));
    await Promise.all([machine.core.use(costs.join * minutes), machine.transfer(costs.outputBytes * minutes)]);
    const joined = time.now();
    await shown(world, machine);
    return { fetched: before, encoded, joined, all: time.now(), helped: owner.received() };
  };
  return time.run(job());
}
