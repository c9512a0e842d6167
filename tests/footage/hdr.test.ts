import { testKinds } from "./kind.ts";
import { hdr } from "./kinds/hdr.ts";

testKinds(hdr, `${import.meta.dir}/kinds/hdr.ts`);
