import { activation } from "@leasehold/contracts";
import { type Installation, installationName } from "../domain/installation.ts";

/** An installation as the contract shows it. */
export function presentInstallation(installation: Installation): activation.Installation {
  const { license, host, displayName, state, stateChange, applicationVersion } = installation;
  const { conflict, successor, evidence } = installation;
  return {
    name: installationName(installation.id),
    license,
    host,
    createTime: new Date(installation.createTime),
    displayName,
    state: activation.InstallationState[state],
    stateChange: stateChange && {
      changeTime: new Date(stateChange.time),
      party: activation.InstallationParty[stateChange.party],
      why: stateChange.why,
    },
    lastSeenTime: new Date(installation.lastSeenTime),
    applicationVersion,
    refreshCounter: BigInt(installation.counter),
    conflict: conflict && {
      kind: activation.InstallationConflictKind[conflict.kind],
      conflictTime: new Date(conflict.time),
      host: conflict.host,
    },
    evidence:
      evidence === undefined
        ? undefined
        : activation.MachineEvidence.decode(Buffer.from(evidence, "base64")),
    vendorOnly: state === "DISABLED" && stateChange?.party === "VENDOR",
    successor: successor === undefined ? "" : installationName(successor),
  };
}
