import { testKinds } from "./kind.ts";
import { shape } from "./kinds/shape.ts";

testKinds(shape, `${import.meta.dir}/kinds/shape.ts`);
