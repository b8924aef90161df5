import type { Dice } from "@leasehold/robustness/dice";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const STRANGE = [
  "=",
  ".",
  "+",
  "/",
  "\n",
  "\r\n",
  " ",
  "\0",
  "\t",
  "é",
  "\u{1f4a9}",
  "\ud800",
  "%2e",
  "==",
];

type Change = (text: string, dice: Dice, other: string) => string;

function place(text: string, dice: Dice): number {
  return Math.floor(dice.between(0, text.length));
}

function letter(dice: Dice): string {
  return ALPHABET.charAt(Math.floor(dice.between(0, ALPHABET.length)));
}

function put(text: string, from: number, to: number, between: string): string {
  return text.slice(0, from) + between + text.slice(to);
}

const CHANGES: Readonly<Record<string, Change>> = {
  letter: (text, dice) => {
    const at = place(text, dice);
    return put(text, at, at + 1, letter(dice));
  },
  /** The last letters of a part have bits that nobody reads. */
  tail: (text, dice) => {
    const ends = [text.indexOf("."), text.lastIndexOf("."), text.length];
    const at = dice.pick(ends) - 1;
    return put(text, at, at + 1, letter(dice));
  },
  signature: (text, dice) => {
    const from = text.lastIndexOf(".") + 1;
    const at = from + Math.floor(dice.between(0, text.length - from));
    return put(text, at, at + 1, letter(dice));
  },
  bit: (text, dice) => {
    const at = place(text, dice);
    const code = text.charCodeAt(at) ^ (1 << Math.floor(dice.between(0, 8)));
    return put(text, at, at + 1, String.fromCharCode(code));
  },
  inserted: (text, dice) => {
    const at = place(text, dice);
    return put(text, at, at, dice.chance(0.5) ? letter(dice) : dice.pick(STRANGE));
  },
  strange: (text, dice) => {
    const at = place(text, dice);
    return put(text, at, at + 1, dice.pick(STRANGE));
  },
  removed: (text, dice) => {
    const at = place(text, dice);
    return put(text, at, at + 1 + Math.floor(dice.between(0, 4)), "");
  },
  cutOff: (text, dice) => text.slice(0, place(text, dice)),
  longer: (text, dice) => text + (dice.chance(0.5) ? letter(dice) : dice.pick(STRANGE)),
  swapped: (text, dice) => {
    const at = place(text, dice);
    return put(text, at, at + 2, text.charAt(at + 1) + text.charAt(at));
  },
  otherCase: (text, dice) => {
    const at = place(text, dice);
    const one = text.charAt(at);
    return put(text, at, at + 1, one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase());
  },
  doubled: (text, dice) => {
    const at = place(text, dice);
    return put(text, at, at, text.slice(at, at + Math.floor(dice.between(1, 8))));
  },
  spliced: (text, dice, other) =>
    text.slice(0, place(text, dice)) + other.slice(place(other, dice)),
  partOfAnother: (text, dice, other) => {
    const at = Math.floor(dice.between(0, 3));
    return text
      .split(".")
      .map((part, index) => (index === at ? (other.split(".")[index] ?? "") : part))
      .join(".");
  },
};

const NAMES = Object.keys(CHANGES);

/** A text that differs from the given one, and how it came to be. */
export function textMutant(
  text: string,
  dice: Dice,
  other: string,
): { readonly how: string; readonly text: string } {
  for (;;) {
    const how = dice.pick(NAMES);
    const changed = CHANGES[how]?.(text, dice, other) ?? text;
    if (changed !== text) return { how, text: changed };
  }
}
