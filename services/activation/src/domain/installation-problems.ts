import { Problem } from "@leasehold/kernel";
import type { InstallationState } from "./installation.ts";

/** A person who may only look, or who asks for what is the vendor's alone. */
export function notPermitted(): Problem {
  return new Problem("PERMISSION_DENIED", { message: "the caller may not do this" });
}

/** The vendor disabled it. */
export function disabledByVendor(): Problem {
  return new Problem("PERMISSION_DENIED", {
    message: "the vendor disabled the installation, and alone may enable it",
  });
}

/** It is disabled. */
export function installationDisabled(): Problem {
  return new Problem("INSTALLATION_DISABLED", { message: "the installation is disabled" });
}

/** It was deactivated, or moved to another machine. */
export function installationEnded(): Problem {
  return new Problem("INSTALLATION_ENDED", { message: "the installation is over" });
}

/** The state of the installation does not allow what is asked. */
export function installationStateConflict(state: InstallationState): Problem {
  return new Problem("STATE_CONFLICT", {
    message: `the installation is ${state}`,
    metadata: { state },
  });
}

/** The counter is one of before, or one that was never given. */
export function installationConflict(): Problem {
  return new Problem("INSTALLATION_CONFLICT", {
    message: "another machine uses the installation, or an earlier copy of it was put back",
  });
}

/** The machine is not the known one. */
export function fingerprintMismatch(): Problem {
  return new Problem("FINGERPRINT_MISMATCH", {
    message: "the machine is not the one that the installation was made for",
  });
}

/** @param limit how often installations of the license may be moved */
export function transferLimit(limit: number): Problem {
  return new Problem("TRANSFER_LIMIT", {
    message: "the installations of the license were moved as often as they may be",
    metadata: { limit: String(limit) },
  });
}

/** The license knows the public key. */
export function publicKeyKnown(): Problem {
  return new Problem("ALREADY_EXISTS", {
    message: "the license has an installation with this public key",
  });
}

/** No such license, or none that the caller may know of. */
export function parentNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "no such license" });
}
