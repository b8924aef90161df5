import { expect, test } from "vitest";
import { envExample } from "@leasehold/service-kit";
import { issuerConfig, readKeyEncryptionKeys, readLeasePublicKeys, readPeppers } from "./config.ts";

const ONE = "11".repeat(32);
const TWO = "22".repeat(32);

test("a pepper file holds one pepper, or the newest of several first", () => {
  expect(readPeppers(ONE)).toEqual([new Uint8Array(32).fill(0x11)]);
  expect(readPeppers(`${TWO}\r\n\n ${ONE}\n`)).toEqual([
    new Uint8Array(32).fill(0x22),
    new Uint8Array(32).fill(0x11),
  ]);
});

test("a file of key-encryption keys holds one, or the newest of several first", () => {
  expect(readKeyEncryptionKeys(`${TWO}\n${ONE}\n`)).toEqual([
    new Uint8Array(32).fill(0x22),
    new Uint8Array(32).fill(0x11),
  ]);
  expect(() => readKeyEncryptionKeys(`${ONE}\nsecret`)).toThrow(/64 hexadecimal digits a line/);
});

test.each(["", "\n", ONE.slice(1), `${ONE}${ONE}`, `${ONE}\nsecret`])(
  "%j is no pepper file",
  (text) => {
    expect(() => readPeppers(text)).toThrow(/64 hexadecimal digits/);
    expect(() => readPeppers(text)).not.toThrow(/secret/);
  },
);

test("a file of lease keys holds one or several, none of them twice", () => {
  expect(readLeasePublicKeys(`${ONE}\n${TWO}\n`)).toHaveLength(2);
  expect(() => readLeasePublicKeys(`${ONE}\n${TWO}\n${ONE}`)).toThrow(/twice/);
  expect(() => readLeasePublicKeys("\n")).toThrow(/64 hexadecimal digits/);
  const many = Array.from({ length: 17 }, (_, n) => n.toString(16).padStart(64, "0"));
  expect(() => readLeasePublicKeys(many.join("\n"))).toThrow(/16 keys/);
});

test(".env.example is what the schema says", async () => {
  await expect(envExample(issuerConfig)).toMatchFileSnapshot("../.env.example");
});
