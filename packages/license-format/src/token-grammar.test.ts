import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type TokenFault, verifyLicense } from "./index.ts";
import { NOW, sampleDeployment, type SampleDeployment } from "../test/sample-deployment.ts";

let sample: SampleDeployment;
beforeAll(async () => {
  sample = await sampleDeployment();
});

async function verdict(token: string): Promise<TokenFault | "verified"> {
  const verified = await verifyLicense(token, sample.trust, { now: NOW });
  return verified.kind === "verified" ? "verified" : verified.fault;
}

describe("a token has one spelling", () => {
  test.each<[string, (token: string) => string]>([
    ["padded", (token) => `${token}==`],
    ["padded in the middle", (token) => token.replace(".", "=.")],
    ["with a line end", (token) => `${token}\n`],
    ["with a space before", (token) => ` ${token}`],
    ["broken into lines", (token) => token.replace(/(.{64})/, "$1\n")],
    ["with NUL at the end", (token) => `${token}\0`],
    [
      "with a symbol of the other base64 alphabet",
      (token) => `${token.slice(0, -2)}+${token.slice(-1)}`,
    ],
    ["with a fourth part", (token) => `${token}.e30`],
    ["with two parts", (token) => token.slice(0, token.lastIndexOf("."))],
    ["of more than 40 KiB", (token) => token.padEnd(40 * 1024 + 1, "A")],
    ["empty", () => ""],
  ])("not the one %s", async (_, respell) => {
    const { license } = sample.tokens;
    expect(await verdict(license)).toBe("verified");
    expect(await verdict(respell(license))).toBe("malformed");
  });

  test("not one with other unused bits in the tail of its signature", async () => {
    const { license } = sample.tokens;
    // 64 bytes end in 2 bits of 86 symbols' last: four spare bits, fifteen other spellings.
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(license.at(-1)!);
    expect(last % 16).toBe(0);
    for (let spare = 1; spare < 16; spare++) {
      const respelled = license.slice(0, -1) + alphabet[last + spare];
      expect(signatureOf(respelled)).toEqual(signatureOf(license));
      expect(await verdict(respelled)).toBe("malformed");
    }
  });

  test("and none of thousands of mutants is accepted", async () => {
    const { license, install } = sample.tokens;
    const at = fc.nat({ max: license.length - 1 });
    const character = fc.oneof(
      fc.constantFrom(...Array.from("ABCXYZabcxyz0189-_.=+/ \n\0é")),
      fc.string({ minLength: 1, maxLength: 1, unit: "binary" }),
    );
    const mutant = fc.oneof(
      fc.tuple(at, character).map(([i, c]) => license.slice(0, i) + c + license.slice(i + 1)),
      fc.tuple(at, character).map(([i, c]) => license.slice(0, i) + c + license.slice(i)),
      fc.tuple(at, fc.nat({ max: 8 })).map(([i, n]) => license.slice(0, i) + license.slice(i + n)),
      fc.tuple(at, at).map(([i, j]) => license.slice(0, i) + license.slice(j)),
      fc.tuple(at, at).map(([i, j]) => license.slice(0, i) + install.slice(j)),
      fc.tuple(at, fc.nat({ max: 7 })).map(([i, bit]) => flipped(license, i, bit)),
      fc.shuffledSubarray(license.split("."), { minLength: 1 }).map((parts) => parts.join(".")),
    );
    await fc.assert(
      fc.asyncProperty(mutant, async (token) => {
        fc.pre(token !== license);
        expect(await verdict(token)).not.toBe("verified");
      }),
      { numRuns: 10_000 },
    );
  });
});

function flipped(token: string, index: number, bit: number): string {
  const bytes = Buffer.from(token, "latin1");
  bytes[index]! ^= 1 << bit;
  return bytes.toString("latin1");
}

function signatureOf(token: string): Buffer {
  return Buffer.from(token.slice(token.lastIndexOf(".") + 1), "base64url");
}
