import * as fc from "fast-check";
import { expect, test } from "vitest";
import { pageTokens, type TokenScope } from "./page-tokens.ts";

const SECRET = new Uint8Array(32).fill(7);
const tokens = pageTokens(SECRET);
const SCOPE: TokenScope = {
  method: "ListLicenses",
  parent: "customers/c",
  filter: 'seats > "3"',
  order: "create_time desc",
};

const position = fc.array(fc.option(fc.string({ unit: "grapheme" })), { maxLength: 5 });
const scope = fc.record({
  method: fc.string(),
  parent: fc.string(),
  filter: fc.string(),
  order: fc.string(),
});

test("a token gives back its position, in every process with the secret", () => {
  fc.assert(
    fc.property(scope, position, (scope, position) => {
      const token = tokens.write(scope, position);
      expect(token).toMatch(/^[\w-]+$/);
      expect(pageTokens(SECRET).read(scope, token)).toEqual(position);
    }),
  );
});

test("a token is good for its own scope only", () => {
  fc.assert(
    fc.property(scope, scope, position, (one, other, position) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      expect(tokens.read(other, tokens.write(one, position))).toBeUndefined();
    }),
  );
});

test.each(Object.keys(SCOPE))("a token of another %s is refused", (part) => {
  const token = tokens.write(SCOPE, ["a", "b"]);
  expect(tokens.read({ ...SCOPE, [part]: "another" }, token)).toBeUndefined();
});

test("what stands at the end of one part does not pass for the beginning of the next", () => {
  const token = tokens.write({ ...SCOPE, method: "ab", parent: "c" }, []);
  expect(tokens.read({ ...SCOPE, method: "a", parent: "bc" }, token)).toBeUndefined();
});

test("a token that was made under another secret is refused", () => {
  const token = pageTokens(new Uint8Array(32).fill(8)).write(SCOPE, ["a"]);
  expect(tokens.read(SCOPE, token)).toBeUndefined();
});

test("a token with any character changed, left out or put in is refused", () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \n";
  fc.assert(
    fc.property(
      position,
      fc.nat(),
      fc.constantFrom(...alphabet.split("")),
      fc.constantFrom(0, 1),
      fc.boolean(),
      (position, place, character, cut, isPut) => {
        const token = tokens.write(SCOPE, position);
        const at = place % (token.length + 1);
        const put = isPut ? character : "";
        const mutated = token.slice(0, at) + put + token.slice(at + cut);
        fc.pre(mutated !== token);
        expect(tokens.read(SCOPE, mutated)).toBeUndefined();
      },
    ),
    { numRuns: 1_000 },
  );
});

test("whatever is given for a token is refused", () => {
  fc.assert(fc.property(fc.string(), (text) => tokens.read(SCOPE, text) === undefined));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const text = Buffer.from([1, ...bytes]).toString("base64url");
      expect(tokens.read(SCOPE, text)).toBeUndefined();
    }),
  );
  expect(tokens.read(SCOPE, "A".repeat(100_000))).toBeUndefined();
});
