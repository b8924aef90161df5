import { issuer } from "@leasehold/contracts";
import { type Channel, connect } from "@leasehold/rpc-client";
import {
  accountAuthenticator,
  type Authenticator,
  issuerAccounts,
  rememberedAccounts,
} from "@leasehold/service-kit";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createCustomer, issuerUnderTest, requestId } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { type AccountClient, createAccount, newIdentity } from "./person.ts";

const { ADMINISTRATOR } = issuer.CustomerRole;

let under: IssuerUnderTest;
let accounts: AccountClient;
let channel: Channel;
beforeAll(async () => {
  under = await issuerUnderTest();
  accounts = under.of(issuer.AccountServiceDefinition, "admin");
  channel = connect(under.address);
});
afterAll(async () => {
  await channel[Symbol.asyncDispose]();
  await under[Symbol.asyncDispose]();
});

let clock = manualClock();
let identity: issuer.Identity;
let authenticate: Authenticator;
beforeEach(() => {
  clock = manualClock();
  identity = newIdentity();
  authenticate = knowing("activation");
});

/** How another service knows people, by this secret of its own. */
function knowing(secret: string): Authenticator {
  return accountAuthenticator({
    verify: async () => ({
      ...identity,
      email: undefined,
      emailVerified: false,
      displayName: undefined,
    }),
    findAccount: rememberedAccounts(issuerAccounts(channel, secret), clock),
  });
}

async function principal() {
  return authenticate({ header: () => "Bearer eyJ.eyJ.x" });
}

test("another service knows an account with its customers, once there is one", async () => {
  expect(await principal()).toMatchObject({ kind: "person", signedIn: identity });
  const { name } = await createAccount(accounts, identity);
  const { name: customer } = await createCustomer(under.admin);
  const role = ADMINISTRATOR;
  await accounts.setMembership({ requestId: requestId(), name, customer, role });
  clock.advance(2_000);
  const memberships = new Map([[customer, "ADMINISTRATOR"]]);
  expect(await principal()).toMatchObject({ kind: "account", account: name, memberships });
});

test("a membership that ended is of no use elsewhere after half a minute", async () => {
  const { name } = await createAccount(accounts, identity);
  const { name: customer } = await createCustomer(under.admin);
  const role = ADMINISTRATOR;
  await accounts.setMembership({ requestId: requestId(), name, customer, role });
  expect(await principal()).toMatchObject({ memberships: new Map([[customer, "ADMINISTRATOR"]]) });
  await accounts.removeMembership({ requestId: requestId(), name, customer });
  clock.advance(30_000);
  expect(await principal()).toMatchObject({ account: name, memberships: new Map() });
});

test("a role is known elsewhere with the account, and of no use there half a minute after its end", async () => {
  const { name: account } = await createAccount(accounts, identity);
  const role = issuer.DeploymentRole.SUPPORT;
  const administrators = under.of(issuer.AdministratorServiceDefinition, "admin");
  await administrators.grantRole({ requestId: requestId(), account, role });
  expect(await principal()).toMatchObject({ kind: "account", account, roles: ["SUPPORT"] });
  await administrators.revokeRole({ requestId: requestId(), account, role });
  clock.advance(30_000);
  expect(await principal()).toMatchObject({ account, roles: [] });
});

test("a service that may not look accounts up says so in its log, and lets nobody in", async () => {
  authenticate = knowing("seat-broker");
  await expect(principal()).rejects.toThrow("the issuer refused FindAccount");
});

test("while the issuer is away, people are told to come back", async () => {
  const away = connect("127.0.0.1:1");
  const find = issuerAccounts(away, "activation");
  await expect(find(identity)).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
  await away[Symbol.asyncDispose]();
});
