import { Problem } from "@leasehold/kernel";
import type { DeploymentRole } from "./administrator.ts";

/** The account does not have the role. */
export function roleNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "the account does not have this role" });
}

/** The role permits more than whoever would give it, or take it, may do. */
export function roleOutOfReach(role: DeploymentRole): Problem {
  return new Problem("PERMISSION_DENIED", {
    message: `the role ${role} permits more than you may do`,
    metadata: { role },
  });
}

/** A deployment keeps an owner. */
export function lastOwner(): Problem {
  return new Problem("LAST_OWNER", { message: "the deployment has no other owner" });
}

/** It is not this deployment's bootstrap token, or it has none. */
export function bootstrapRefused(): Problem {
  return new Problem("UNAUTHENTICATED", { message: "it is not the bootstrap token" });
}

/** It was the bootstrap token. */
export function bootstrapEnded(): Problem {
  return new Problem("BOOTSTRAP_ENDED", {
    message: "the bootstrap token is of no use any more: there is an owner, or it is too old",
  });
}
