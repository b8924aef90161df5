import { activation } from "@leasehold/contracts";
import { implement, parseRequest, type ServiceBinding } from "@leasehold/service-kit";
import type { Replies, RequestIdentity } from "../use-cases/ports.ts";
import { type ReadSitePorts, readSite, setExchangeLog } from "../use-cases/read-site.ts";
import { presentSite } from "./present-site.ts";

/** What the service's methods need. */
export interface SiteServicePorts extends ReadSitePorts {
  readonly replies: Replies;
}

/** The methods of `leasehold.activation.v1.SiteService`. */
export function siteService(ports: SiteServicePorts): ServiceBinding {
  return implement(activation.SiteServiceDefinition, {
    getSite: async () => ({ site: presentSite(await readSite(ports)) }),
    setExchangeLog: async (request) => {
      const identity = parseSetExchangeLog(request);
      const earlier = await ports.replies.find(identity);
      if (earlier !== undefined) return activation.SetExchangeLogResponse.decode(earlier);
      setExchangeLog(ports, request.enabled);
      const response = { site: presentSite(await readSite(ports)) };
      const reply = activation.SetExchangeLogResponse.encode(response).finish();
      return activation.SetExchangeLogResponse.decode(await ports.replies.keep(identity, reply));
    },
  });
}

/** @throws Problem INVALID_REQUEST */
function parseSetExchangeLog(request: activation.SetExchangeLogRequest): RequestIdentity {
  return parseRequest((check) => ({
    requestId: check.uuid("request_id", request.requestId),
    method: "SetExchangeLog",
    body: activation.SetExchangeLogRequest.encode(request).finish(),
  }));
}
