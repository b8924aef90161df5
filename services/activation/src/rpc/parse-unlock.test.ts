import { activation } from "@leasehold/contracts";
import { expect, test } from "vitest";
import { parseUnlock } from "./parse-unlock.ts";

test("a release time beyond all times is refused as the caller's fault", () => {
  const request = activation.UnlockRequest.fromPartial({
    requestId: "0190b5a0-0000-7000-8000-00000000000a",
    licenseeName: "Ada Lovelace",
    licenseeOrganization: "Analytical Engines Ltd",
    product: "products/studio",
    publicKey: Buffer.alloc(32),
    challenge: Buffer.alloc(57),
    applicationReleaseTime: new Date(Number.NaN),
  });
  expect(() => parseUnlock(request)).toThrow(
    expect.objectContaining({ reason: "INVALID_REQUEST" }),
  );
});
