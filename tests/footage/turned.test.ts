import { testKinds } from "./kind.ts";
import { turned } from "./kinds/turned.ts";

testKinds(turned, `${import.meta.dir}/kinds/turned.ts`);
