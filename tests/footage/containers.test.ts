import { testKinds } from "./kind.ts";
import { containers } from "./kinds/containers.ts";

testKinds(containers, `${import.meta.dir}/kinds/containers.ts`);
