import { testKinds } from "./kind.ts";
import { stills } from "./kinds/stills.ts";

testKinds(stills, `${import.meta.dir}/kinds/stills.ts`);
