import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { decideJoinRequest } from "./join-request.ts";
import type { JoinRequest } from "./join-request.ts";

const OPEN: JoinRequest = {
  customerId: "0190b5a0-0000-7000-8000-00000000000a" as Uuid,
  id: "0190b5a0-0000-7000-8000-00000000000b" as Uuid,
  accountId: "0190b5a0-0000-7000-8000-00000000000c" as Uuid,
  displayName: "Ada Lovelace",
  email: "ada@acme.example",
  state: "OPEN",
  createTime: 1_000,
};

test.each(["APPROVED", "DECLINED"] as const)("an open request is %s, once", (decision) => {
  const decided = { ...OPEN, state: decision };
  expect(decideJoinRequest(OPEN, decision)).toEqual({ kind: "decided", joinRequest: decided });
  for (const again of ["APPROVED", "DECLINED"] as const) {
    expect(decideJoinRequest(decided, again)).toEqual({ kind: "state-conflict", state: decision });
  }
});
