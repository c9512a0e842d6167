import { testKinds } from "./kind.ts";
import { tracks } from "./kinds/tracks.ts";

testKinds(tracks, `${import.meta.dir}/kinds/tracks.ts`);
