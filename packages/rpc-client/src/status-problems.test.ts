import { Metadata, status } from "@grpc/grpc-js";
import { ErrorInfo, RpcStatus } from "@leasehold/contracts";
import { expect, test } from "vitest";
import { problemFromStatus } from "./status-problems.ts";

function failure(code: status, info?: { readonly reason: string; readonly domain: string }) {
  const metadata = new Metadata();
  if (info) {
    const value = Buffer.from(ErrorInfo.encode({ ...info, metadata: {} }).finish());
    const details = [{ typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value }];
    metadata.set(
      "grpc-status-details-bin",
      Buffer.from(RpcStatus.encode({ code, message: "", details }).finish()),
    );
  }
  return { code, details: "said so", metadata };
}

test("the reason is the server's, whatever its status", () => {
  const told = failure(status.RESOURCE_EXHAUSTED, { reason: "NO_SEATS", domain: "leasehold" });
  expect(problemFromStatus(told)).toMatchObject({
    reason: "NO_SEATS",
    message: "said so",
    cause: told,
  });
});

test.each([
  [
    "another domain's reason",
    failure(status.UNAVAILABLE, { reason: "NO_SEATS", domain: "googleapis.com" }),
    "DEPENDENCY_UNAVAILABLE",
  ],
  [
    "a reason of a newer server",
    failure(status.ABORTED, { reason: "LATER", domain: "leasehold" }),
    "REQUEST_IN_FLIGHT",
  ],
  ["no details", failure(status.UNAUTHENTICATED), "UNAUTHENTICATED"],
  ["no metadata", { code: status.DEADLINE_EXCEEDED, details: "" }, "DEADLINE_EXCEEDED"],
  ["a status that says nothing", failure(status.DATA_LOSS), "INTERNAL"],
])("with %s, the status code decides", (_, given, reason) => {
  expect(problemFromStatus(given).reason).toBe(reason);
});

test("details that cannot be decoded are passed over", () => {
  const broken = failure(status.UNAVAILABLE);
  broken.metadata.set("grpc-status-details-bin", Buffer.from([0xff]));
  expect(problemFromStatus(broken).reason).toBe("DEPENDENCY_UNAVAILABLE");
});
