import { expect, test } from "vitest";
import { envExample } from "@leasehold/service-kit";
import { issuerConfig, readPeppers } from "./config.ts";

const ONE = "11".repeat(32);
const TWO = "22".repeat(32);

test("a pepper file holds one pepper, or the newest of several first", () => {
  expect(readPeppers(ONE)).toEqual([new Uint8Array(32).fill(0x11)]);
  expect(readPeppers(`${TWO}\r\n\n ${ONE}\n`)).toEqual([
    new Uint8Array(32).fill(0x22),
    new Uint8Array(32).fill(0x11),
  ]);
});

test.each(["", "\n", ONE.slice(1), `${ONE}${ONE}`, `${ONE}\nsecret`])(
  "%j is no pepper file",
  (text) => {
    expect(() => readPeppers(text)).toThrow(/64 hexadecimal digits/);
    expect(() => readPeppers(text)).not.toThrow(/secret/);
  },
);

test(".env.example is what the schema says", async () => {
  await expect(envExample(issuerConfig)).toMatchFileSnapshot("../.env.example");
});
