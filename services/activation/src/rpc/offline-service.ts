import { activation } from "@leasehold/contracts";
import { implement, type ServiceBinding } from "@leasehold/service-kit";
import { answerOfflineRequest, type OfflinePorts } from "../use-cases/answer-offline-request.ts";
import { parseAnswerOfflineRequest } from "./parse-offline.ts";
import { peerOf } from "./peer.ts";
import { encodeAnswered } from "./present-offline.ts";

/** What the methods for machines without a connection need. */
export interface OfflineServicePorts {
  readonly offline: Omit<OfflinePorts, "encode">;
  readonly vendorFile: string;
}

/** The methods of `leasehold.activation.v1.OfflineService`. */
export function offlineService({ offline, vendorFile }: OfflineServicePorts): ServiceBinding {
  const ports: OfflinePorts = { ...offline, encode: encodeAnswered };
  return implement(activation.OfflineServiceDefinition, {
    answerOfflineRequest: async (request, call) => {
      const command = parseAnswerOfflineRequest(request);
      const reply = await answerOfflineRequest(ports, command, peerOf(call.peer), call.signal);
      return activation.AnswerOfflineRequestResponse.decode(reply);
    },
    getVendorFile: () => Promise.resolve({ vendorFile }),
  });
}
