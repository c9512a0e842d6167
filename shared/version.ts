import { version as packaged } from "../package.json";

/** Of this build. */
export const version: string = packaged;
