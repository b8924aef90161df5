import { Problem } from "@leasehold/kernel";

/** The challenge is none of this deployment's, over, or used; the proof may be of another one. */
export function challengeRefused(): Problem {
  return new Problem("CHALLENGE_REFUSED", {
    message: "the challenge is unknown, over or was used",
  });
}

/** The proof does not verify. Which part is wrong is not told. */
export function proofRefused(): Problem {
  return new Problem("UNAUTHENTICATED", { message: "the proof does not verify" });
}

/** The proof is right, but not of this time. */
export function proofOutOfTime(now: number): Problem {
  return new Problem("CLOCK_SKEW", {
    message: "the proof is not valid now by the server's clock",
    metadata: { server_time: new Date(now).toISOString() },
  });
}
