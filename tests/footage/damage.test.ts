import { testKinds } from "./kind.ts";
import { damage } from "./kinds/damage.ts";

testKinds(damage, `${import.meta.dir}/kinds/damage.ts`);
