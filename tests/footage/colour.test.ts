import { testKinds } from "./kind.ts";
import { colour } from "./kinds/colour.ts";

testKinds(colour, `${import.meta.dir}/kinds/colour.ts`);
