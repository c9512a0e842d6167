import { testKinds } from "./kind.ts";
import { hdr } from "./kinds/hdr.ts";
import { keptHdr } from "./kinds/kept-hdr.ts";

testKinds(hdr, `${import.meta.dir}/kinds/hdr.ts`);
testKinds(keptHdr, `${import.meta.dir}/kinds/kept-hdr.ts`);
