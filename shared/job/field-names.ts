/** The name of a JSON field as TypeScript has it: `callback_url` becomes `callbackUrl`. */
type CamelCase<Name> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name;

/** The fields of a JSON object under their names in TypeScript; objects inside of its fields stay as they are. */
export type CamelKeys<Json> = { [Name in keyof Json as CamelCase<Name>]: Json[Name] };

/** The same with the fields of all objects inside. */
export type DeepCamelKeys<Json> = Json extends readonly (infer Item)[]
  ? DeepCamelKeys<Item>[]
  : Json extends object
    ? { [Name in keyof Json as CamelCase<Name>]: DeepCamelKeys<Json[Name]> }
    : Json;

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

/** Renames the fields of a JSON value and of all objects inside of it to camelCase. */
export const deepCamelKeys = <Json>(json: Json) => renamed(json, camelCase) as DeepCamelKeys<Json>;

/** Renames the fields of a value and of all objects inside of it to snake_case. */
export const deepSnakeKeys = <Json>(value: DeepCamelKeys<Json>) => renamed(value, snakeCase) as Json;

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [rename(name), renamed(field, rename)]));
}
