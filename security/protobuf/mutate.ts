import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Dice } from "@leasehold/robustness/dice";

/** Largest mutant, in bytes: what a server would refuse unread above it. */
const MOST_BYTES = 256 * 1024;
const GIANT_VARINT = Uint8Array.from([
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,
]);
const FOUR_GIB = Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0x0f]);
const BAD_UTF8: readonly Uint8Array[] = [
  Uint8Array.from([0xff, 0xfe]),
  Uint8Array.from([0xed, 0xa0, 0x80]), // a lone surrogate
  Uint8Array.from([0xc0, 0xaf]), // overlong
  Uint8Array.from([0xf4, 0x90, 0x80, 0x80]), // beyond Unicode
  Uint8Array.from([0xe2, 0x82]), // cut off
];

type Mutation = (bytes: Uint8Array, dice: Dice) => Uint8Array;

function at(bytes: Uint8Array, dice: Dice): number {
  return Math.floor(dice.between(0, bytes.length));
}

function splice(bytes: Uint8Array, from: number, to: number, between: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, from), between, bytes.subarray(to)]);
}

/** Number of a field that the message is likely to have. */
function fieldNumber(dice: Dice): number {
  return 1 + Math.floor(dice.between(0, 20));
}

function tagged(field: number, type: number, content: Uint8Array = new Uint8Array()): Uint8Array {
  const tag = new BinaryWriter().uint32(((field << 3) | type) >>> 0).finish();
  return Buffer.concat([tag, content]);
}

function lengthDelimited(field: number, content: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(content).finish();
}

/** A message in a message in a message …, of one field. */
function nested(field: number, depth: number): Uint8Array {
  let inner: Uint8Array = new Uint8Array();
  for (let level = 0; level < depth; level += 1) inner = lengthDelimited(field, inner);
  return inner;
}

/** What is done to the bytes of a message, by name. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  truncated: (bytes, dice) => bytes.subarray(0, at(bytes, dice)),
  bitFlipped: (bytes, dice) => {
    const flipped = Uint8Array.from(bytes);
    const place = at(bytes, dice);
    flipped[place] = (flipped[place] ?? 0) ^ (1 << Math.floor(dice.between(0, 8)));
    return flipped;
  },
  severalBitsFlipped: (bytes, dice) => {
    const flipped = Uint8Array.from(bytes);
    for (let time = 0; time < 8; time += 1)
      flipped[at(bytes, dice)] = Math.floor(dice.between(0, 256));
    return flipped;
  },
  bytesInserted: (bytes, dice) => {
    const place = at(bytes, dice);
    const more = Uint8Array.from({ length: 1 + at(new Uint8Array(16), dice) }, () =>
      Math.floor(dice.between(0, 256)),
    );
    return splice(bytes, place, place, more);
  },
  bytesRemoved: (bytes, dice) => {
    const place = at(bytes, dice);
    return splice(
      bytes,
      place,
      Math.min(bytes.length, place + 1 + at(bytes, dice)),
      new Uint8Array(),
    );
  },
  rangeDoubled: (bytes, dice) => {
    const [from, to] = [at(bytes, dice), at(bytes, dice)].toSorted((a, b) => a - b) as [
      number,
      number,
    ];
    return splice(bytes, to, to, bytes.subarray(from, to));
  },
  lengthOf4GiB: (bytes, dice) => {
    const place = at(bytes, dice);
    return splice(bytes, place, place + 1, FOUR_GIB);
  },
  fieldOf4GiB: (bytes, dice) =>
    Buffer.concat([bytes, tagged(fieldNumber(dice), WireType.LengthDelimited, FOUR_GIB)]),
  giantVarint: (bytes, dice) =>
    Buffer.concat([bytes, tagged(fieldNumber(dice), WireType.Varint, GIANT_VARINT)]),
  varintWithoutEnd: (bytes, dice) =>
    Buffer.concat([bytes, tagged(fieldNumber(dice), WireType.Varint, Buffer.alloc(64, 0xff))]),
  largestVarint: (bytes, dice) =>
    Buffer.concat([
      bytes,
      tagged(fieldNumber(dice), WireType.Varint, GIANT_VARINT.with(9, 1).subarray(0, 10)),
    ]),
  otherWireType: (bytes, dice) => {
    const other = Uint8Array.from(bytes);
    other[0] = ((other[0] ?? 8) & ~7) | Math.floor(dice.between(0, 8));
    return other;
  },
  fieldOfEachWireType: (bytes, dice) =>
    Buffer.concat([
      bytes,
      tagged(fieldNumber(dice), Math.floor(dice.between(0, 8)), Buffer.alloc(8, 1)),
    ]),
  fieldZero: (bytes) => Buffer.concat([bytes, Uint8Array.of(0, 0)]),
  unknownFields: (bytes, dice) =>
    Buffer.concat([
      bytes,
      ...Array.from({ length: 50 }, () =>
        lengthDelimited(1_000 + Math.floor(dice.between(0, 500_000_000)), Buffer.alloc(8, 0x61)),
      ),
    ]),
  groupsWithoutEnd: (bytes, dice) =>
    Buffer.concat([
      bytes,
      Buffer.alloc(
        dice.pick([1, 100, 100_000]),
        tagged(fieldNumber(dice) % 15, WireType.StartGroup),
      ),
    ]),
  unknownGroups: (bytes, dice) => {
    const depth = dice.pick([1, 50, 20_000]);
    const [begin, end] = [tagged(700, WireType.StartGroup), tagged(700, WireType.EndGroup)];
    return Buffer.concat([bytes, Buffer.alloc(depth * 2, begin), Buffer.alloc(depth * 2, end)]);
  },
  deeplyNested: (bytes, dice) =>
    Buffer.concat([bytes, nested(fieldNumber(dice), dice.pick([5, 50, 300]))]),
  badUtf8: (bytes, dice) =>
    Buffer.concat([bytes, lengthDelimited(fieldNumber(dice), dice.pick(BAD_UTF8))]),
  fieldRepeated: (bytes, dice) => {
    const one = lengthDelimited(
      fieldNumber(dice),
      Buffer.from(dice.pick(["", "a", "\b\x01", "x".repeat(30)])),
    );
    return Buffer.concat([bytes, ...Array.from({ length: dice.pick([2, 100, 3_000]) }, () => one)]);
  },
  twice: (bytes) => Buffer.concat([bytes, bytes]),
  reversed: (bytes) => Uint8Array.from(bytes).toReversed(),
  noise: (_, dice) =>
    Uint8Array.from({ length: Math.floor(dice.between(0, 300)) }, () =>
      Math.floor(dice.between(0, 256)),
    ),
  untouched: (bytes) => bytes,
};

const NAMES = Object.keys(MUTATIONS);

/** A mutant, and how it was made; one in five is mutated twice. */
export function mutant(
  bytes: Uint8Array,
  dice: Dice,
): { readonly how: string; readonly bytes: Uint8Array } {
  const hows = dice.chance(0.2) ? [dice.pick(NAMES), dice.pick(NAMES)] : [dice.pick(NAMES)];
  let made = bytes;
  for (const how of hows) made = MUTATIONS[how]?.(made, dice) ?? made;
  return { how: hows.join("+"), bytes: made.subarray(0, MOST_BYTES) };
}
