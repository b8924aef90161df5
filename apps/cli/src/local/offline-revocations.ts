import { formatRevocationFile } from "@leasehold/license-format";
import { openServer } from "../call-services.ts";
import { textOf } from "../json.ts";
import type { CarryOut } from "../local-command.ts";
import { writeOut } from "./write-out.ts";

/** Asks the issuer for the revocation list, and for the keys to verify it with. */
export const writeRevocationFile: CarryOut = async (run) => {
  await using issuer = await openServer(run.server("issuer"));
  // First: a list that is signed with a newer key comes with the bundle that has the key.
  const { revocationList } = await issuer.call("SigningService.getRevocationList", {});
  const { trustBundle } = await issuer.call("IssuerService.getTrustBundle", {});
  await writeOut(
    run,
    formatRevocationFile({ revocations: textOf(revocationList), trust: textOf(trustBundle) }),
  );
  return undefined;
};
