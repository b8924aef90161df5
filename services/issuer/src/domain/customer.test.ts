import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { changeCustomer } from "./customer.ts";
import type { Customer } from "./customer.ts";

const CUSTOMER: Customer = {
  id: "0190b5a0-0000-7000-8000-00000000000a" as Uuid,
  displayName: "Acme GmbH",
  referenceId: "acme",
  contacts: [{ displayName: "Ada", email: "ada@acme.example", phone: "", role: "billing" }],
  limits: { resources: 5 },
  state: "ACTIVE",
  revision: 3n,
  createTime: 1_000,
  updateTime: 2_000,
};

test("an update changes what it names and nothing else", () => {
  const change = { kind: "update", facts: { displayName: "Acme SE", limits: {} } } as const;
  expect(changeCustomer(CUSTOMER, change, 5_000)).toEqual({
    kind: "changed",
    action: "UPDATE",
    customer: {
      ...CUSTOMER,
      displayName: "Acme SE",
      limits: {},
      revision: 4n,
      updateTime: 5_000,
    },
  });
});

test("a customer that closes keeps everything else", () => {
  expect(changeCustomer(CUSTOMER, { kind: "close" }, 5_000)).toEqual({
    kind: "changed",
    action: "CLOSE",
    customer: { ...CUSTOMER, state: "CLOSED", revision: 4n, updateTime: 5_000 },
  });
});

test.each([{ kind: "close" }, { kind: "update", facts: { displayName: "Acme SE" } }] as const)(
  "a closed customer is past $kind",
  (change) => {
    const closed: Customer = { ...CUSTOMER, state: "CLOSED" };
    expect(changeCustomer(closed, change, 5_000)).toEqual({ kind: "closed" });
  },
);
