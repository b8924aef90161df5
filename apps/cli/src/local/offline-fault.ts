import type {
  OfflineRequestFault,
  OfflineResponseFault,
  RevocationFileFault,
} from "@leasehold/client";

/** Why a file is not used, as the SDK tells. */
export type OfflineFault = OfflineRequestFault | OfflineResponseFault | RevocationFileFault;

const WORDS: Readonly<Record<OfflineFault, string>> = {
  "too-large": "the file is too large",
  "no-block": "there is no such block in the file",
  doubled: "the file has more than one block in it",
  truncated: "the file is cut off",
  "stray-text": "the file has other text around its block",
  malformed: "the file is spoilt",
  algorithm: "it is signed by another algorithm",
  "wrong-type": "it holds something else",
  "unknown-key": "it is signed by a key that is not trusted here",
  "wrong-purpose": "it is signed by a key for something else",
  signature: "it was changed after it was signed",
  "wrong-issuer": "it is of another deployment",
  "wrong-audience": "it is for another product or deployment",
  expired: "its time is over, by the clock of this machine",
  "not-yet": "it was issued later than now, by the clock of this machine",
  "too-long-lived": "it claims to hold longer than it may",
  "older-bundle": "its keys are older than those that were seen here",
  "older-list": "a newer list was taken in already",
  mismatched: "its parts do not belong together",
  "foreign-key": "it was made for another machine",
  "no-trust-root": "no license was asked for in this directory",
  revoked: "the license or the installation is revoked",
  "given-back": "the installation of this directory was given back",
  "other-request": "it answers no request that waits in this directory",
  older: "there is a newer license already",
  "other-root": "the vendor file is not of the vendor that was trusted here",
  locked: "no license is unlocked in this directory",
};

/** What a person is told of a fault, with the fault itself. */
export function offlineFault(fault: OfflineFault): Error {
  return new Error(`${WORDS[fault]} (${fault})`);
}
