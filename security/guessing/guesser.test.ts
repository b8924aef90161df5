import { Buffer } from "node:buffer";
import { ErrorInfo, RpcStatus } from "@leasehold/contracts";
import { expect, test } from "vitest";
import type { Answer } from "../wire.ts";
import { toldOf } from "./guesser.ts";

function refusal(metadata: Readonly<Record<string, string>>, message = "refused"): Answer {
  const info = ErrorInfo.fromPartial({ reason: "UNLOCK_REFUSED", domain: "leasehold", metadata });
  const value = Buffer.from(ErrorInfo.encode(info).finish());
  const details = RpcStatus.fromPartial({
    code: 7,
    message,
    details: [{ typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value }],
  });
  return { code: 7, message, reason: "UNLOCK_REFUSED", details, body: undefined };
}

test("two refusals that differ in their references alone tell the same", () => {
  const [one, other] = ["ABCD-1234", "WXYZ-9876"].map((reference) =>
    toldOf(refusal({ support_reference: reference })),
  );
  expect(one).toBe(other);
});

test.each([
  ["another member", { support_reference: "ABCD-1234", cause: "revoked" }, "refused"],
  ["a longer reference", { support_reference: "ABCD-12345" }, "refused"],
  ["another text", { support_reference: "ABCD-1234" }, "refused, the key is revoked"],
])("%s tells something", (_, metadata, message) => {
  const plain = toldOf(refusal({ support_reference: "ABCD-1234" }));
  expect(toldOf(refusal(metadata as Readonly<Record<string, string>>, message))).not.toBe(plain);
});
