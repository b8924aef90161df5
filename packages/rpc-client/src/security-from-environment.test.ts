import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { securityFromEnvironment } from "./security-from-environment.ts";

function file(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "authorities-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "ca.pem"), content);
  return join(folder, "ca.pem");
}

const PEM = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

test("nothing is said unless it is set", () => {
  expect(securityFromEnvironment({})).toEqual({});
  const empty = { LEASEHOLD_TLS_AUTHORITIES_FILE: "", LEASEHOLD_PLAINTEXT: "" };
  expect(securityFromEnvironment(empty)).toEqual({});
  expect(securityFromEnvironment({ LEASEHOLD_PLAINTEXT: "off" })).toEqual({});
});

test("authorities are read from their file, plaintext is said in a word", () => {
  const LEASEHOLD_TLS_AUTHORITIES_FILE = file(PEM);
  expect(securityFromEnvironment({ LEASEHOLD_TLS_AUTHORITIES_FILE })).toEqual({ authorities: PEM });
  expect(securityFromEnvironment({ LEASEHOLD_PLAINTEXT: "on" })).toEqual({ plaintext: true });
});

test.each([
  ["another word", () => ({ LEASEHOLD_PLAINTEXT: "yes" }), "must be on or off"],
  [
    "both",
    () => ({ LEASEHOLD_PLAINTEXT: "on", LEASEHOLD_TLS_AUTHORITIES_FILE: file(PEM) }),
    "exclude each other",
  ],
  [
    "a file that is not there",
    () => ({ LEASEHOLD_TLS_AUTHORITIES_FILE: "/nowhere/ca.pem" }),
    "cannot be read: /nowhere/ca.pem",
  ],
  [
    "a file without a certificate",
    () => ({ LEASEHOLD_TLS_AUTHORITIES_FILE: file("secret") }),
    "without a certificate",
  ],
])("%s is refused", (_, environment, why) => {
  expect(() => securityFromEnvironment(environment())).toThrow(why);
});
