import { systemRandom } from "@leasehold/kernel";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALPHABET } from "./crockford.ts";
import { KEY_GENERATIONS, type KeyGeneration } from "./key-generation.ts";
import { newProductKey, parseProductKey } from "./product-key.ts";
import { checkSymbols } from "./reed-solomon.ts";

const anyKey = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => newProductKey(() => bytes));

const SAMPLE = newProductKey((length) => Uint8Array.from({ length }, (_, index) => index * 7));

const plain = (text: string) => text.replaceAll("-", "");

function messageFor(typed: string): string {
  const read = parseProductKey(typed);
  if (read.kind !== "mistyped") throw new Error(`${read.kind}, not mistyped`);
  return read.message;
}

describe("a new product key", () => {
  test("is five groups of five symbols, the first of which is its generation", () => {
    expect(SAMPLE.text).toMatch(/^2[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{5}){4}$/);
    expect(SAMPLE.generation).toBe(2);
    expect(plain(SAMPLE.text).slice(1, 21)).toBe(SAMPLE.data);
  });

  test("stays the key it is from release to release", () => {
    expect(SAMPLE.text).toBe("207EN-W3AHR-Z6DMV-29GQY-5BT9X");
  });

  test("draws its data from all that it is given", () => {
    const seen = new Set<string>();
    for (let i = 0; i < 1000; i++) seen.add(newProductKey(systemRandom).data);
    expect(seen.size).toBe(1000);
    expect(
      Array.from(new Set(Array.from(seen).join("")))
        .toSorted()
        .join(""),
    ).toBe(ALPHABET);
  });
});

describe("a product key typed right", () => {
  test("is read as what was made", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(parseProductKey(key.text)).toEqual({ kind: "valid", key });
      }),
    );
  });

  test("is read whatever letters, widths, lookalikes and separators it is typed in", () => {
    const spellings = (symbol: string): string[] => {
      const alike = symbol === "0" ? ["O", "o"] : symbol === "1" ? ["I", "i", "L", "l"] : [];
      const wide = String.fromCodePoint(symbol.codePointAt(0)! + 0xfee0);
      return [symbol, symbol.toLowerCase(), wide, ...alike];
    };
    const gap = fc.constantFrom(
      "",
      "",
      "-",
      " ",
      "_",
      ".",
      "–",
      "—",
      "‑",
      "−",
      "\u00a0",
      "\t",
      "\r\n",
    );
    const typed = anyKey.chain((key) =>
      fc
        .tuple(
          ...Array.from(plain(key.text)).map((symbol) =>
            fc.tuple(gap, fc.constantFrom(...spellings(symbol))),
          ),
        )
        .map((pieces) => ({ key, typed: pieces.flat().join("") })),
    );
    fc.assert(
      fc.property(typed, (sample) => {
        expect(parseProductKey(sample.typed)).toEqual({ kind: "valid", key: sample.key });
      }),
    );
  });

  test("in full-width digits and letters is the same key", () => {
    const wide = SAMPLE.text.replaceAll(/[0-9A-Z]/g, (symbol) =>
      String.fromCodePoint(symbol.codePointAt(0)! + 0xfee0),
    );
    expect(parseProductKey(wide)).toEqual({ kind: "valid", key: SAMPLE });
  });
});

describe("a product key typed wrong", () => {
  test("in one to four symbols is never valid, 100,000 tries", () => {
    const errors = fc.uniqueArray(fc.tuple(fc.nat({ max: 24 }), fc.integer({ min: 1, max: 31 })), {
      minLength: 1,
      maxLength: 4,
      selector: ([position]) => position,
    });
    fc.assert(
      fc.property(anyKey, errors, (key, slips) => {
        const symbols = Array.from(plain(key.text));
        for (const [position, shift] of slips) {
          const value = ALPHABET.indexOf(symbols[position]!);
          symbols[position] = ALPHABET.charAt((value + shift) % 32);
        }
        expect(parseProductKey(symbols.join("")).kind).not.toBe("valid");
      }),
      { numRuns: 100_000 },
    );
  });

  test("in any single symbol, or with any two swapped, is mistyped and not of another generation", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const symbols = Array.from(plain(key.text));
        for (let i = 0; i < 25; i++) {
          for (const other of ALPHABET) {
            if (other === symbols[i]) continue;
            expect(parseProductKey(symbols.with(i, other).join("")).kind).toBe("mistyped");
          }
          for (let j = i + 1; j < 25; j++) {
            if (symbols[i] === symbols[j]) continue;
            const swapped = symbols.with(i, symbols[j]!).with(j, symbols[i]!);
            expect(parseProductKey(swapped.join("")).kind).toBe("mistyped");
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    ["nothing", "", "this has 0"],
    ["a symbol too few", SAMPLE.text.slice(0, -1), "this has 24"],
    ["a symbol too many", `${SAMPLE.text}0`, "this has 26"],
    ["129 characters", "2".repeat(129), "too long"],
    ["a letter that no key has", SAMPLE.text.replace(/^(.{6})./, "$1u"), '"U" (U+0055) in group 2'],
    ["NUL", `${SAMPLE.text}\0`, "U+0000 in group 5"],
    ["an emoji", `🔑${SAMPLE.text}`, '"🔑" (U+1F511) in group 1'],
    ["a right-to-left mark", SAMPLE.text.replaceAll("-", "\u200f"), "character U+200F in group 2"],
    ["a right-to-left override", `\u202e${SAMPLE.text}`, "character U+202E in group 1"],
    ["a byte order mark", `\ufeff${SAMPLE.text}`, "character U+FEFF in group 1"],
    [
      "half of a surrogate pair",
      `${SAMPLE.text.slice(0, 11)}\ud83d`,
      "character U+D83D in group 3",
    ],
    ["a sharp s, which is no two S", SAMPLE.text.replace(/.{2}$/, "ß"), '"ß" (U+00DF) in group 5'],
    ["a Cyrillic А", SAMPLE.text.replace(/.$/, "А"), '"А" (U+0410) in group 5'],
  ])("%s is refused with what to look at", (_, typed, expected) => {
    expect(messageFor(typed)).toContain(expected);
  });

  test("whatever is typed gets an answer", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (typed) => {
        expect(parseProductKey(typed).kind).not.toBe("valid");
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a key of another generation", () => {
  const withCheck = (generation: number) => {
    const message = [generation, ...Array.from({ length: 20 }, (_, index) => index)];
    return [...message, ...checkSymbols(message)].map((value) => ALPHABET[value]).join("");
  };

  test.each([
    ["LH1-7K2Q-M9XT-0B4D"],
    ["lh1 7k2q m9xt 0b4d"],
    ["10000-ABCDE-FGHJK-MNPQR-STVWX"],
    [withCheck(1)],
  ])("%s is retired, with advice", (typed) => {
    const read = parseProductKey(typed);
    expect(read.kind === "retired" && read.advice).toContain("new product key");
  });

  test.each(["LH1-7K2Q-M9XT-0B4", "LH1-7K2Q-M9XT-0B4D-0", "LH2-7K2Q-M9XT-0B4D"])(
    "%s is only mistyped",
    (typed) => {
      expect(parseProductKey(typed).kind).toBe("mistyped");
    },
  );

  test.each([0, 3, 31])(
    "a flawless key of generation %d, which does not exist, is mistyped",
    (generation) => {
      expect(messageFor(withCheck(generation))).toContain("begins");
    },
  );

  test("the registry has one current generation, and advice for each retired one", () => {
    const current = KEY_GENERATIONS.filter(({ status }) => status === "CURRENT");
    expect(current.map(({ id }) => id)).toEqual(["2"]);
    expect(new Set(KEY_GENERATIONS.map(({ id }) => id)).size).toBe(KEY_GENERATIONS.length);
    for (const { status, advice } of KEY_GENERATIONS) {
      expect(advice !== "").toBe(status === "RETIRED");
    }
  });
});

describe("with a newer generation", () => {
  const generation = (first: number, status: KeyGeneration["status"]): KeyGeneration => ({
    id: String(first),
    generation: first,
    shape: new RegExp(`^${first}.{24}$`),
    form: `${first}XXXX`,
    status,
    advice: status === "RETIRED" ? "Ask for a key that begins with a 3." : "",
  });
  const accepting = [generation(3, "CURRENT"), generation(2, "ACCEPTED"), generation(1, "RETIRED")];
  const refusing = [generation(3, "CURRENT"), generation(2, "RETIRED"), generation(1, "RETIRED")];

  test("keys are made of it, and those of the accepted one are taken", () => {
    const made = newProductKey(systemRandom, accepting);
    expect(made.text).toMatch(/^3/);
    expect(parseProductKey(made.text, accepting)).toEqual({ kind: "valid", key: made });
    expect(parseProductKey(SAMPLE.text, accepting)).toEqual({ kind: "valid", key: SAMPLE });
    expect(parseProductKey(made.text).kind).toBe("mistyped"); // no key of before begins so
  });

  test("those of a retired one are refused with its advice", () => {
    const advice = "Ask for a key that begins with a 3.";
    expect(parseProductKey(SAMPLE.text, refusing)).toEqual({ kind: "retired", advice });
  });

  test.each([newProductKey(systemRandom, accepting), SAMPLE])(
    "a key that is taken is only mistyped with a retired one's first symbol, or one swapped to the front",
    ({ text }) => {
      const symbols = Array.from(plain(text));
      expect(parseProductKey(symbols.with(0, "1").join(""), accepting).kind).toBe("mistyped");
      for (let i = 1; i < 25; i++) {
        if (symbols[i] === symbols[0]) continue;
        const swapped = symbols.with(i, symbols[0]!).with(0, symbols[i]!).join("");
        expect(parseProductKey(swapped, accepting).kind).toBe("mistyped");
      }
    },
  );

  test("a registry without a current one makes no keys", () => {
    expect(() => newProductKey(systemRandom, [generation(2, "ACCEPTED")])).toThrow(/current/);
  });
});
