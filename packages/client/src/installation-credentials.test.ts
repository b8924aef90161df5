import { Problem } from "@leasehold/kernel";
import { expect, test } from "vitest";
import type { Installation, ProofRequest } from "./installation.ts";
import { installationCredentials } from "./installation-credentials.ts";

const SERVICE = "leasehold.seatbroker.v1.SeatBrokerService";
const START = 1_800_000_000_000;

function subject() {
  const signed: ProofRequest[] = [];
  let now = START;
  const installation = {
    deployment: "dev.leasehold.local",
    certificate: "certificate",
    signProof: (request: ProofRequest) => Promise.resolve(`proof ${signed.push(request)}`),
  } as unknown as Installation;
  const credentials = installationCredentials(installation, SERVICE, {
    clock: { now: () => now, monotonic: () => 0 },
    random: (length) => new Uint8Array(length),
  });
  return { credentials, signed, advance: (ms: number) => void (now += ms) };
}

const skew = (ms: number) =>
  new Problem("CLOCK_SKEW", { metadata: { server_time: new Date(ms).toISOString() } });

test("a proof names its audience and lives five minutes at most", async () => {
  const { credentials, signed } = subject();
  expect(await credentials.metadata()).toEqual({
    "lh-installation": "certificate",
    "lh-proof": "proof 1",
  });
  expect(signed[0]!.audience).toBe(`dev.leasehold.local/${SERVICE}`);
  expect(signed[0]!.issuedAt).toBeLessThan(START);
  expect(signed[0]!.expiresAt - signed[0]!.issuedAt).toBe(300_000);
});

test("a proof is used again until shortly before its end", async () => {
  const { credentials, signed, advance } = subject();
  await credentials.metadata();
  advance(200_000);
  await credentials.metadata();
  expect(signed).toHaveLength(1);
  advance(10_000);
  expect(await credentials.metadata()).toMatchObject({ "lh-proof": "proof 2" });
});

test("a wrong clock is corrected by what the server tells", async () => {
  const { credentials, signed } = subject();
  await credentials.metadata();
  expect(credentials.correct(skew(START + 86_400_000), credentials.offset)).toBe(true);
  await credentials.metadata();
  expect(signed[1]!.issuedAt).toBe(START + 86_400_000 - 30_000);
});

test("a clock that was corrected already is not corrected again by the same amount", () => {
  const { credentials } = subject();
  expect(credentials.correct(skew(START + 60_000), 0)).toBe(true);
  expect(credentials.correct(skew(START + 60_500), credentials.offset)).toBe(false);
});

test("a call that was made before the correction is worth another try", () => {
  const { credentials } = subject();
  expect(credentials.correct(skew(START + 60_000), 0)).toBe(true);
  expect(credentials.correct(skew(START + 60_001), 0)).toBe(true);
  expect(credentials.offset).toBe(60_000);
});

test("other failures, and ones without a time, correct nothing", () => {
  const { credentials } = subject();
  expect(credentials.correct(new Problem("UNAUTHENTICATED"), 0)).toBe(false);
  expect(credentials.correct(new Problem("CLOCK_SKEW"), 0)).toBe(false);
  expect(credentials.correct(new Error("x"), 0)).toBe(false);
});
