import { type DescField, type DescMessage, type MessageInitShape, ScalarType } from "@bufbuild/protobuf";
import { int64 } from "#shared/job/number.ts";

/** Fields as a message has them: the numbers of its int64 fields, and of those in messages inside of it, are bigints. */
export const toFields = <const Schema extends DescMessage>(schema: Schema, value: object) =>
  withBigints(schema, value) as MessageInitShape<Schema>;

const withBigints = ({ field }: DescMessage, value: object): object =>
  Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fieldFrom(field[name], one)]));

function fieldFrom(field: DescField | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => fieldFrom(field, item));
  if (typeof value === "number") return field?.scalar === ScalarType.INT64 ? BigInt(int64(value)) : value;
  return field?.message && typeof value === "object" && value !== null ? withBigints(field.message, value) : value;
}

/** The fields of a message, and of those inside of it, as far as they are set; bigints are numbers. */
export const fromFields = (message: object): object =>
  Object.fromEntries(
    Object.entries(message)
      .filter(([name, field]) => !name.startsWith("$") && isSet(name, field))
      .map(([name, field]) => [name, plain(field)]),
  );

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "object" && value !== null ? fromFields(value) : value;
}

// A list cannot be absent from a message: one of these is empty then.
const series = ["bitRates", "scores", "sources"];
const isSet = (name: string, field: unknown) =>
  field !== undefined && !(series.includes(name) && Array.isArray(field) && field.length === 0);
