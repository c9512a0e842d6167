/** The name of a JSON field as TypeScript has it: `callback_url` becomes `callbackUrl`. */
type CamelCase<Name> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name;

/** The fields of a JSON object under their names in TypeScript; objects inside of its fields stay as they are. */
export type CamelKeys<Json> = { [Name in keyof Json as CamelCase<Name>]: Json[Name] };

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Renames the fields of a JSON object to camelCase, those of the object itself alone. */
export const camelKeys = <Json extends object>(json: Json) =>
  Object.fromEntries(Object.entries(json).map(([name, value]) => [camelCase(name), value])) as CamelKeys<Json>;

/**
 * Renames the fields of an object to snake_case, those of the object itself alone. The fields whose JSON names are in
 * `last` follow the others, in that order; the others keep the order that they have.
 */
export const snakeKeys = <Json extends object>(value: CamelKeys<Json>, last: readonly string[] = []) =>
  Object.fromEntries(
    Object.entries(value)
      .map(([name, field]) => [snakeCase(name), field] as const)
      .sort(([a], [b]) => last.indexOf(a) - last.indexOf(b)),
  ) as Json;
