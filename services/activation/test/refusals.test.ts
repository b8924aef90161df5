import { LicenseState } from "@leasehold/contracts";
import type { Problem } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issuedLicense } from "./issued.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshKey, unlockRequest } from "./unlock-requests.ts";

let running: RunningActivation;
beforeAll(async () => {
  running = await runningActivation();
});
afterAll(() => running[Symbol.asyncDispose]());

/** A call's status as the transport tells it. */
interface CallStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: {
    getMap(): Readonly<Record<string, unknown>>;
    get(name: string): readonly (string | Buffer)[];
  };
}

/** A refusal as it came over the wire, and what it tells to find its cause by. */
interface Refusal {
  readonly code: number;
  readonly text: string;
  /** Every trailer, in hex, without the reference. */
  readonly trailers: string;
  readonly reference: string;
}

async function refusal(request: Parameters<typeof running.unlock>[0]): Promise<Refusal> {
  const problem = await running.unlock(request).then(
    () => expect.unreachable("it was unlocked"),
    (error: unknown) => error as Problem,
  );
  const { code, details, metadata } = problem.cause as CallStatus;
  const reference = problem.metadata["support_reference"] ?? "";
  const trailers = Object.keys(metadata.getMap())
    .filter((name) => name !== "date")
    .toSorted()
    .map((name) => [
      name,
      ...metadata.get(name).map((value) => Buffer.from(value).toString("hex")),
    ]);
  const referenceInHex = Buffer.from(reference).toString("hex");
  return {
    code,
    text: details,
    trailers: JSON.stringify(trailers).replace(referenceInHex, "reference"),
    reference,
  };
}

test("whatever is wrong, the answer is the same to the byte but for the reference", async () => {
  const [key, revoked] = [freshKey(), freshKey()];
  running.issuer.put(issuedLicense("open", 1n), key.data);
  running.issuer.put(issuedLicense("revoked", 1n, { state: LicenseState.REVOKED }), revoked.data);
  const refusals = await Promise.all(
    [
      unlockRequest(freshKey().text),
      unlockRequest(key.text, { licenseeName: "Grace Hopper" }),
      unlockRequest(key.text, { licenseeOrganization: "Other" }),
      unlockRequest(key.text, { product: "products/other" }),
      unlockRequest(revoked.text),
      unlockRequest(freshKey().text, { licenseeName: "ä".repeat(200), host: "" }),
    ].map(refusal),
  );
  for (const { reference, ...told } of refusals) {
    expect(reference).toMatch(/^[2-9A-Z]{5}-[2-9A-Z]{5}$/);
    expect(told).toEqual({
      code: 7,
      text: "this does not unlock a license",
      trailers: refusals[0]?.trailers,
    });
    expect(told.trailers).toContain("reference");
  }
  const references = refusals.map(({ reference }) => reference);
  expect(new Set(references).size).toBe(references.length);
});

test("the reference that is told is the one that the issuer knows, and stands in the log", async () => {
  const { reference } = await refusal(unlockRequest(freshKey().text));
  expect(running.issuer.references).toContain(reference);
  expect(running.log).toContainEqual({
    level: "info",
    message: "unlocking refused",
    facts: { reason: "UNLOCK_REFUSED", product: "products/studio", reference },
  });
});
