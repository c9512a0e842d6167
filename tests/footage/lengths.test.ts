import { testKinds } from "./kind.ts";
import { lengths } from "./kinds/lengths.ts";

testKinds(lengths, `${import.meta.dir}/kinds/lengths.ts`);
