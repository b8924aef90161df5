import { activation } from "@leasehold/contracts";
import { parseRequest } from "@leasehold/service-kit";
import type { AnswerOfflineRequestCommand } from "../use-cases/answer-offline-request.ts";

/**
 * Reads a request to answer a request file. What is wrong with the file has reasons of its own.
 * @throws Problem INVALID_REQUEST
 */
export function parseAnswerOfflineRequest(
  request: activation.AnswerOfflineRequestRequest,
): AnswerOfflineRequestCommand {
  return parseRequest((check) => ({
    request: {
      requestId: check.uuid("request_id", request.requestId),
      method: "AnswerOfflineRequest",
      body: activation.AnswerOfflineRequestRequest.encode(request).finish(),
    },
    requestFile: request.requestFile,
  }));
}
