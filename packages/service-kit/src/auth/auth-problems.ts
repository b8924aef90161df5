import { Problem } from "@leasehold/kernel";

/** The credentials do not verify. Which part is wrong is not told. */
export function credentialsRefused(): Problem {
  return new Problem("UNAUTHENTICATED", { message: "the credentials do not verify" });
}

/** The proof is right, but not of this time. */
export function clockSkew(now: number): Problem {
  return new Problem("CLOCK_SKEW", {
    message: "the proof is not valid now by the server's clock",
    metadata: { server_time: new Date(now).toISOString() },
  });
}

/** No trust bundle is known yet, so that no certificate can be verified. */
export function trustUnknown(): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", { message: "the trust bundle is not known yet" });
}
