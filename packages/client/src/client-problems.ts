import { Problem } from "@leasehold/kernel";

/** The product key cannot be one: nothing was sent. */
export function mistypedKey(message: string): Problem {
  return new Problem("KEY_CHECK", { message });
}

/** The product key is of an earlier generation: nothing was sent. */
export function retiredKey(advice: string): Problem {
  return new Problem("KEY_GENERATION_RETIRED", {
    message: "the product key belongs to an earlier generation",
    metadata: { advice },
  });
}

/** The challenge that came back cannot be answered without proving something to somebody else. */
export function unfitChallenge(): Problem {
  return new Problem("UNAUTHENTICATED", {
    message: "the challenge in the answer is not fit for use",
  });
}

/** The license file that came back is not what was asked for, or not signed by whom it should be. */
export function unprovenLicenseFile(fault: string): Problem {
  return new Problem("UNAUTHENTICATED", {
    message: "the license file in the answer does not verify",
    metadata: { fault },
  });
}

/** The directory holds no installation, or one that does not verify. @param fault why, or `locked` */
export function notUnlocked(fault: string): Problem {
  return new Problem("UNAUTHENTICATED", {
    message: "the installation is to be unlocked first",
    metadata: { fault },
  });
}

/** The installation of the directory was given back. */
export function givenBack(): Problem {
  return new Problem("INSTALLATION_ENDED", {
    message: "the installation of this directory was given back: unlock in another one",
  });
}

/** A seat was granted, but the answer took longer than the seat could be relied on. */
export function grantedTooLate(): Problem {
  return new Problem("DEADLINE_EXCEEDED", { message: "the grant arrived after its validity" });
}

/** No seat became free for as long as the application wanted to wait. */
export function waitedInVain(): Problem {
  return new Problem("NO_SEATS", { message: "no seat became free in time" });
}

/** An answer lacks what the contract promises. */
export function incompleteAnswer(missing: string): Problem {
  return new Problem("INTERNAL", { message: `the answer has no ${missing}` });
}

/** The file of a borrowed seat is not what was asked for, or not signed by whom it should be. */
export function unprovenBorrow(fault: string): Problem {
  return new Problem("UNAUTHENTICATED", {
    message: "the borrowed seat in the answer does not verify",
    metadata: { fault },
  });
}

/** The seat was gone before it was borrowed. */
export function seatNotHeld(): Problem {
  return new Problem("LEASE_EXPIRED", { message: "the seat is not held any more" });
}

/** The session is over. */
export function sessionClosed(): Problem {
  return new Problem("CANCELLED", { message: "the session is closed" });
}

/** Nothing names a server. */
export function noServerKnown(kind: string): Problem {
  return new Problem("NOT_FOUND", {
    message: `no ${kind} is named by the application, the environment, a file or DNS`,
  });
}

/** What names servers is not made of addresses. @param where a file or an environment variable */
export function malformedServers(where: string): Problem {
  return new Problem("INVALID_REQUEST", {
    message: "a server is named as host:port",
    metadata: { where },
  });
}

/** DNS did not say whether it knows servers. */
export function dnsUnavailable(name: string, cause: unknown): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", {
    message: "DNS does not answer",
    metadata: { name },
    cause,
  });
}
