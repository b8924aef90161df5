import { createPublicKey, verify } from "node:crypto";
import { dice } from "@leasehold/robustness/dice";
import { beforeAll, expect, test } from "vitest";
import { Findings } from "../findings.ts";
import { forgedOf } from "./faults.ts";
import type { Subject, Subjects } from "./subject.ts";
import { subjects } from "./subjects.ts";
import { textMutant } from "./text-mutants.ts";
import { forge } from "./tokens.ts";

let made: Subjects;
beforeAll(async () => {
  made = await subjects();
});

async function foundOf(subject: Subject): Promise<Findings> {
  const findings = new Findings("");
  await forge(subject, await forgedOf(subject, made), findings);
  return findings;
}

/** Verifies the signature and looks at nothing else: the grammar is switched off. */
function careless(subject: Subject): Subject {
  const x = Buffer.from(subject.key.publicKey).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const accepts = async (token: string) => {
    const [header = "", payload = "", signature = ""] = token.trim().split(".");
    const content = Buffer.from(`${header}.${payload}`);
    return verify(null, content, key, Buffer.from(signature, "base64url"));
  };
  return { ...subject, accepts, acceptsWithoutKey: accepts };
}

test("every kind of token meets every fault, and none is believed", async () => {
  for (const subject of made.all) {
    const found = await foundOf(subject);
    expect([subject.typ, found.failures]).toEqual([subject.typ, []]);
    expect(found.figure("tokenFaults")).toBeGreaterThanOrEqual(70);
  }
});

test("a verifier without the grammar is caught, for every kind", async () => {
  for (const subject of made.all) {
    const found = await foundOf(careless(subject));
    expect(found.figure("forgedAccepted")).toBeGreaterThan(20);
    const told = found.failures.join();
    expect(told).toContain("algNoneWithSignature");
  }
});

test("a verifier that believes nothing, or throws, is caught", async () => {
  const [subject] = made.all;
  const refusing = await foundOf({ ...subject!, accepts: async () => false });
  expect(refusing.failures.join()).toContain("is not believed");
  const throwing = async (token: string) => {
    if (token !== subject!.token) throw new Error("no such token");
    return true;
  };
  const failing = await foundOf({ ...subject!, accepts: throwing });
  expect(failing.figure("crashes")).toBeGreaterThan(100);
});

test("a mutant differs from what it was made of, and the same seed makes the same ones", () => {
  const [one, other] = made.all.map(({ token }) => token) as [string, string];
  const rolls = (seed: number) => {
    const chance = dice(seed);
    return Array.from({ length: 500 }, () => textMutant(one, chance, other).text);
  };
  expect(rolls(7)).not.toContain(one);
  expect(rolls(7)).toEqual(rolls(7));
});
