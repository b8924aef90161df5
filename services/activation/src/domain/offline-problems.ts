import { Problem } from "@leasehold/kernel";
import type { SealFault, TextBlockFault, TokenFault } from "@leasehold/license-format";

/**
 * Why a request file is not accepted, as the contract lists them:
 * a fault of the file, of the request in it, of what is sealed in that, or
 * - `unknown-installation`: there is none of this name and key
 */
export type OfflineFileFault =
  | TextBlockFault
  | Extract<
      TokenFault,
      | "malformed"
      | "algorithm"
      | "wrong-type"
      | "unknown-key"
      | "signature"
      | "wrong-audience"
      | "expired"
      | "not-yet"
    >
  | SealFault
  | "unknown-installation";

/** The request file is not accepted. */
export function offlineFileRefused(fault: OfflineFileFault): Problem {
  return new Problem("OFFLINE_FILE_REFUSED", {
    message: "the request file is not accepted",
    metadata: { fault },
  });
}

/**
 * The request file is too old, or made too far ahead, by the clock of the machine that made it.
 * @param now by this service's clock, in milliseconds since 1970
 */
export function offlineFileOutOfTime(
  fault: Extract<OfflineFileFault, "expired" | "not-yet">,
  now: number,
): Problem {
  return new Problem("OFFLINE_FILE_REFUSED", {
    message: "the request file is not accepted",
    metadata: { fault, server_time: new Date(now).toISOString() },
  });
}

/** The machine used the id of this request for another one. */
export function offlineFileUsed(): Problem {
  return new Problem("OFFLINE_FILE_USED", {
    message: "another request file of this id was answered before",
  });
}
