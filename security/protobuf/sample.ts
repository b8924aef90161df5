import { create, type DescField, type DescMessage, ScalarType, toBinary } from "@bufbuild/protobuf";
import type { Dice } from "@leasehold/robustness/dice";
import { hostileText } from "./hostile-text.ts";

/** Names and other values that real requests would hold, by what a field is called. */
export interface Knowledge {
  /** Values of text fields: names of what there is, by the field's name. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

const DEPTH = 6;
const ID = "0190b5a0-0000-7000-8000-00000000000a";

const COMMON: Readonly<Record<string, readonly string[]>> = {
  request_id: [ID, "0190b5a0-0000-7000-8000-00000000000b"],
  parent: [`customers/${ID}`, `customers/${ID}/licenses/${ID}`, "customers/-", "products/studio"],
  name: [
    `customers/${ID}`,
    `customers/${ID}/licenses/${ID}`,
    `installations/${ID}`,
    `accounts/${ID}`,
    "products/studio",
    `customers/${ID}/resources/${ID}`,
  ],
  license: [`customers/${ID}/licenses/${ID}`],
  customer: [`customers/${ID}`],
  installation: [`installations/${ID}`],
  product: ["products/studio"],
  paths: ["display_name", "terms", "seats", "__proto__", "a.b.c"],
};

/** The bytes of a message with most of its fields, well-formed by the contract; not always valid by its rules. */
export function sampleBytes(
  message: DescMessage,
  dice: Dice,
  knowledge: Knowledge = { texts: {} },
): Uint8Array {
  return toBinary(message, build(message, { dice, knowledge }, 0));
}

interface Source {
  readonly dice: Dice;
  readonly knowledge: Knowledge;
}

type Made = ReturnType<typeof create>;

function build(message: DescMessage, source: Source, depth: number): Made {
  const made = create(message) as Made & Record<string, unknown>;
  const { dice } = source;
  const alone = message.fields.filter(({ oneof }) => oneof === undefined);
  for (const field of alone)
    if (dice.chance(0.85)) made[field.localName] = valueOf(field, source, depth);
  for (const oneof of message.oneofs) {
    const field = dice.pick(oneof.fields);
    const value = singular(field, source, depth);
    if (value !== undefined) made[oneof.localName] = { case: field.localName, value };
  }
  return made;
}

function valueOf(field: DescField, source: Source, depth: number): unknown {
  const { dice } = source;
  const times = Math.floor(dice.between(0, 4));
  if (field.fieldKind === "list")
    return Array.from({ length: times }, () => singular(field, source, depth)).filter(
      (value) => value !== undefined,
    );
  if (field.fieldKind === "map") {
    const entries = Array.from({ length: times }, (_, at): [string, unknown] => [
      field.mapKey === ScalarType.STRING
        ? dice.pick([`key-${at}`, "__proto__", "constructor"])
        : String(at),
      field.mapKind === "message"
        ? build(field.message, source, depth + 1)
        : field.mapKind === "enum"
          ? 0
          : scalar(field.scalar, field.name, source),
    ]);
    return Object.fromEntries(entries);
  }
  return singular(field, source, depth);
}

function singular(field: DescField, source: Source, depth: number): unknown {
  if (field.message !== undefined)
    return depth < DEPTH ? build(field.message, source, depth + 1) : undefined;
  if (field.enum !== undefined)
    return source.dice.pick([...field.enum.values.map(({ number }) => number), 999, -1]);
  return field.scalar === undefined ? undefined : scalar(field.scalar, field.name, source);
}

const INTEGERS = [0, 1, 2, 7, 500, 65_536, 2 ** 31 - 1, -1, -(2 ** 31)];
const LONG = [0n, 1n, 3n, 1_900_000_000n, 2n ** 53n, 2n ** 63n - 1n, -1n, -(2n ** 63n)];

const ALL = INTEGERS;
const NOT_NEGATIVE = INTEGERS.filter((value) => value >= 0);
const ALL_LONG = LONG;
const NOT_NEGATIVE_LONG = LONG.filter((value) => value >= 0n);
const FRACTIONS = [0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300];

/** Values to pick from, by the type of a field that is a number or a truth. */
const VALUES: Readonly<
  Record<Exclude<ScalarType, ScalarType.STRING | ScalarType.BYTES>, readonly unknown[]>
> = {
  [ScalarType.BOOL]: [true, false],
  [ScalarType.DOUBLE]: FRACTIONS,
  [ScalarType.FLOAT]: FRACTIONS,
  [ScalarType.INT32]: ALL,
  [ScalarType.SINT32]: ALL,
  [ScalarType.SFIXED32]: ALL,
  [ScalarType.UINT32]: NOT_NEGATIVE,
  [ScalarType.FIXED32]: NOT_NEGATIVE,
  [ScalarType.INT64]: ALL_LONG,
  [ScalarType.SINT64]: ALL_LONG,
  [ScalarType.SFIXED64]: ALL_LONG,
  [ScalarType.UINT64]: NOT_NEGATIVE_LONG,
  [ScalarType.FIXED64]: NOT_NEGATIVE_LONG,
};

function scalar(type: ScalarType, name: string, source: Source): unknown {
  const { dice } = source;
  if (type === ScalarType.STRING) return textOf(name, source);
  if (type !== ScalarType.BYTES) return dice.pick(VALUES[type]);
  return Uint8Array.from({ length: dice.pick([0, 1, 16, 32, 57, 64, 200]) }, () =>
    Math.floor(dice.between(0, 256)),
  );
}

function textOf(name: string, { dice, knowledge }: Source): string {
  const known = [...(knowledge.texts[name] ?? []), ...(COMMON[name] ?? [])];
  if (known.length > 0 && dice.chance(0.9)) return dice.pick(known);
  return dice.chance(0.5) ? `some-${name.replaceAll("_", "-")}` : hostileText(dice);
}
