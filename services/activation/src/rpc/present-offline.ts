import { activation } from "@leasehold/contracts";
import type { AnsweredOfflineRequest } from "../use-cases/answer-offline-request.ts";
import { presentInstallation } from "./present-installation.ts";

/** The reply of AnswerOfflineRequest in bytes: what a repetition gets again. */
export function encodeAnswered({ installation, responseFile }: AnsweredOfflineRequest): Uint8Array {
  return activation.AnswerOfflineRequestResponse.encode({
    installation: presentInstallation(installation),
    responseFile,
  }).finish();
}
