/** `bun run fuzz [cases] [seed]`: asks everything with garbage, longer than the suite does. */
import { fuzzGrpc } from "./grpc.ts";
import { fuzzRest } from "./rest.ts";
import { startRig } from "./rig.ts";

const [cases = 20_000, seed = Date.now() % 1_000_000_000] = process.argv.slice(2).map(Number);
console.log(`${cases} cases from seed ${seed}`);
const rig = await startRig();
const complaints = [
  ...(await fuzzRest(rig, seed, Math.ceil(cases / 2))),
  ...(await fuzzGrpc(rig, seed, Math.floor(cases / 2))),
  ...rig.errors,
];
const isHealthy = (await fetch(`${rig.url}/healthz`)).ok;
await rig[Symbol.asyncDispose]();
for (const complaint of complaints) console.error(complaint);
console.log(
  complaints.length > 0 || !isHealthy ? `failed; again with: bun run fuzz ${cases} ${seed}` : "nothing found",
);
process.exit(complaints.length > 0 || !isHealthy ? 1 : 0);
