import { testKinds } from "./kind.ts";
import { time } from "./kinds/time.ts";

testKinds(time, `${import.meta.dir}/kinds/time.ts`);
