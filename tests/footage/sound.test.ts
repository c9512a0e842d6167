import { testKinds } from "./kind.ts";
import { sound } from "./kinds/sound.ts";

testKinds(sound, `${import.meta.dir}/kinds/sound.ts`);
