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

/** The provider that people sign in with does not answer, or not as it should. */
export function providerAway(cause: unknown): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", {
    message: "the identity provider does not answer",
    cause,
  });
}

/** Whoever knows the accounts does not answer. */
export function accountsAway(cause: unknown): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", {
    message: "accounts cannot be looked up now",
    cause,
  });
}
