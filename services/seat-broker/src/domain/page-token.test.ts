import { expect, test } from "vitest";
import { pageTokens } from "./page-token.ts";

const tokens = pageTokens(Buffer.alloc(32, 1));
const position = { expiry: 1_900_000_000_123, unit: "AY8RERERcRGREREREREREQ" };

test("a page token leads to where it was given out, for its license only", () => {
  const token = tokens.write("customers/a/licenses/b", position);
  expect(tokens.read("customers/a/licenses/b", token)).toEqual(position);
  expect(tokens.read("customers/a/licenses/c", token)).toBeUndefined();
  expect(pageTokens(Buffer.alloc(32, 2)).read("customers/a/licenses/b", token)).toBeUndefined();
});

test("an edited page token leads nowhere", () => {
  const token = tokens.write("n", position);
  const edits = Array.from(token).flatMap((_, at) =>
    ["0", "Z", ".", " "].map((symbol) => token.slice(0, at) + symbol + token.slice(at + 1)),
  );
  const others = ["", token.slice(1), `${token}A`, `${token}\n`, token.toUpperCase()];
  for (const edited of [...edits, ...others].filter((one) => one !== token))
    expect(tokens.read("n", edited)).toBeUndefined();
});
