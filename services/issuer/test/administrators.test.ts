import { issuer } from "@leasehold/contracts";
import { newBootstrapToken } from "@leasehold/license-format";
import { systemRandom } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bootstrapDigest } from "../src/domain/bootstrap.ts";
import { createStudio, requestId } from "./issuer-under-test.ts";
import {
  becomeOwner,
  type IssuerWithPeople,
  issuerWithPeople,
  registered,
  type SignedInPerson,
} from "./people.ts";

const { OWNER, LICENSING_ADMIN, SUPPORT, AUDITOR, KEY_CUSTODIAN } = issuer.DeploymentRole;
const NOBODY = "accounts/0190b5a0-0000-7000-8000-00000000000a";
const TOKEN = newBootstrapToken(systemRandom);

let site: IssuerWithPeople;
let owner: SignedInPerson;
let ownAccount: string;
beforeAll(async () => {
  site = await issuerWithPeople({ config: { bootstrapToken: bootstrapDigest(TOKEN) } });
  await createStudio(site.under.admin);
  owner = await site.signIn({ email: "owner@vendor.example", name: "Olga" });
  ownAccount = (await registered(owner)).account.name;
  await becomeOwner(owner, TOKEN);
});
afterAll(() => site[Symbol.asyncDispose]());

let people = 0;

/** Somebody with an account, and with roles. */
async function someone(...roles: readonly issuer.DeploymentRole[]) {
  people += 1;
  const person = await site.signIn({ email: `p${people}@vendor.example`, name: `P${people}` });
  const { account } = await registered(person);
  for (const role of roles) await grant(owner, account.name, role);
  return { person, account: account.name };
}

async function grant(
  by: SignedInPerson,
  account: string,
  role: issuer.DeploymentRole,
): Promise<issuer.Administrator> {
  const request = { requestId: requestId(), account, role, why: "hired" };
  const { administrator } = await by.administrators.grantRole(request);
  return administrator!;
}

function revoke(by: SignedInPerson, account: string, role: issuer.DeploymentRole, dry = false) {
  const request = { requestId: requestId(), account, role, why: "left", validateOnly: dry };
  return by.administrators.revokeRole(request);
}

test("a role is there with the next call, and gone with the next call", async () => {
  const { person, account } = await someone();
  const list = () => person.licenses.listLicenses({ parent: "customers/-" });
  await expect(list()).rejects.toMatchObject({ reason: "NOT_FOUND" });
  const administrator = await grant(owner, account, SUPPORT);
  expect(administrator).toMatchObject({
    account,
    displayName: `P${people}`,
    grants: [{ role: SUPPORT, grantedBy: ownAccount }],
  });
  expect((await list()).licenses).toEqual([]);
  expect((await person.self.getMyAccount({})).account?.deploymentRoles).toEqual([SUPPORT]);
  expect((await revoke(owner, account, SUPPORT)).administrator?.grants).toEqual([]);
  await expect(list()).rejects.toMatchObject({ reason: "NOT_FOUND" });
});

test("a role is granted by how somebody signs in as well, if they have an account", async () => {
  const { account, person } = await someone();
  const { identity } = await person.self.getMyAccount({});
  const administrators = owner.administrators;
  const request = { requestId: requestId(), identity: identity!, role: AUDITOR };
  expect((await administrators.grantRole(request)).administrator?.account).toBe(account);
  const unknown = { ...identity!, subject: "nobody" };
  await expect(
    administrators.grantRole({ requestId: requestId(), identity: unknown, role: AUDITOR }),
  ).rejects.toMatchObject({ reason: "NOT_FOUND" });
});

test("who has a role already keeps it as it was granted", async () => {
  const { account } = await someone(AUDITOR);
  const [first] = (await grant(owner, account, AUDITOR)).grants;
  const again = await grant(owner, account, AUDITOR);
  expect(again.grants).toEqual([first]);
});

test("what was done is in the audit log, by whom and why", async () => {
  const { account } = await someone(SUPPORT);
  await revoke(owner, account, SUPPORT);
  const audit = site.under.of(issuer.AuditServiceDefinition, "admin");
  const { auditEntries: entries } = await audit.listAuditEntries({
    filter: `resource = "${account}"`,
  });
  expect(entries.map(({ method, subject, why }) => ({ method, subject, why })).slice(0, 2)).toEqual(
    expect.arrayContaining([
      { method: "GrantRole", subject: ownAccount, why: "hired" },
      { method: "RevokeRole", subject: ownAccount, why: "left" },
    ]),
  );
});

test.each([
  ["LICENSING_ADMIN", LICENSING_ADMIN],
  ["SUPPORT", SUPPORT],
  ["AUDITOR", AUDITOR],
  ["KEY_CUSTODIAN", KEY_CUSTODIAN],
] as const)("%s disposes of no role, not even of its own", async (_, role) => {
  const { person, account } = await someone(role);
  const denied = { reason: "PERMISSION_DENIED" };
  await expect(grant(person, account, OWNER)).rejects.toMatchObject(denied);
  await expect(grant(person, account, role)).rejects.toMatchObject(denied);
  await expect(revoke(person, ownAccount, OWNER)).rejects.toMatchObject(denied);
});

test("automation that may change administrators gives and takes no more than it may do itself", async () => {
  const { account } = await someone();
  const { person: victim, account: victims } = await someone(LICENSING_ADMIN);
  const automation = site.under.of(issuer.AdministratorServiceDefinition, "hirer");
  const ask = (role: issuer.DeploymentRole) =>
    automation.grantRole({ requestId: requestId(), account, role });
  expect((await ask(KEY_CUSTODIAN)).administrator?.grants).toHaveLength(1);
  for (const role of [OWNER, LICENSING_ADMIN, SUPPORT, AUDITOR])
    await expect(ask(role)).rejects.toMatchObject({ reason: "PERMISSION_DENIED" });
  const taking = { requestId: requestId(), account: victims, role: LICENSING_ADMIN };
  await expect(automation.revokeRole(taking)).rejects.toMatchObject({
    reason: "PERMISSION_DENIED",
  });
  expect((await victim.self.getMyAccount({})).account?.deploymentRoles).toEqual([LICENSING_ADMIN]);
});

test("a role that only is tried to be taken stays", async () => {
  const { account } = await someone(SUPPORT);
  expect((await revoke(owner, account, SUPPORT, true)).administrator?.grants).toEqual([]);
  expect((await revoke(owner, account, SUPPORT)).administrator?.grants).toEqual([]);
  await expect(revoke(owner, account, SUPPORT)).rejects.toMatchObject({ reason: "NOT_FOUND" });
});

test("the last owner stays; with another one, anybody may go", async () => {
  await expect(revoke(owner, ownAccount, OWNER)).rejects.toMatchObject({ reason: "LAST_OWNER" });
  const { person, account } = await someone(OWNER);
  await revoke(person, account, OWNER);
  await expect(revoke(owner, ownAccount, OWNER)).rejects.toMatchObject({ reason: "LAST_OWNER" });
});

test("of owners who take the role from each other at a time, one is left", async () => {
  for (let round = 0; round < 20; round += 1) {
    const { person, account } = await someone(OWNER);
    const outcomes = await Promise.allSettled([
      revoke(owner, account, OWNER),
      revoke(person, ownAccount, OWNER),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { administrators } = await site.under
      .of(issuer.AdministratorServiceDefinition, "admin")
      .listAdministrators({ pageSize: 500 });
    const owners = administrators.filter(({ grants }) => grants.some(({ role }) => role === OWNER));
    expect(owners).toHaveLength(1);
    if (owners[0]!.account !== ownAccount) [owner, ownAccount] = [person, account];
  }
});

test.each([
  [{ account: "", role: SUPPORT }, "account"],
  [{ account: "accounts/1", role: SUPPORT }, "account"],
  [{ account: NOBODY, identity: { issuer: "https://id.example", subject: "x" } }, "identity"],
  [{ identity: { issuer: "ftp://id.example", subject: "x" }, role: SUPPORT }, "identity.issuer"],
  [{ identity: { issuer: "https://id.example", subject: "" }, role: SUPPORT }, "identity.subject"],
  [{ account: NOBODY }, "role"],
  [{ account: NOBODY, role: 99 as issuer.DeploymentRole }, "role"],
  [{ account: NOBODY, role: SUPPORT, why: "x".repeat(501) }, "why"],
  [{ account: NOBODY, role: SUPPORT, requestId: "1" }, "request_id"],
] as const)("GrantRole with %j is refused over %s", async (wrong, field) => {
  const request = { requestId: requestId(), ...wrong };
  const violations: unknown = expect.arrayContaining([expect.objectContaining({ field })]);
  await expect(owner.administrators.grantRole(request)).rejects.toMatchObject({
    reason: "INVALID_REQUEST",
    violations,
  });
});

test("an account that there is not has no role", async () => {
  await expect(grant(owner, NOBODY, SUPPORT)).rejects.toMatchObject({ reason: "NOT_FOUND" });
  await expect(revoke(owner, NOBODY, SUPPORT)).rejects.toMatchObject({ reason: "NOT_FOUND" });
});

test("those who have a role are listed, page by page, and found", async () => {
  const { account } = await someone(SUPPORT, KEY_CUSTODIAN);
  const { account: without } = await someone();
  const administrators = owner.administrators;
  const all = await administrators.listAdministrators({ pageSize: 500 });
  const names = all.administrators.map((administrator) => administrator.account);
  expect(names).toContain(account);
  expect(names).not.toContain(without);
  const first = await administrators.listAdministrators({ pageSize: 1 });
  const { nextPageToken: pageToken } = first;
  const second = await administrators.listAdministrators({ pageSize: 1, pageToken });
  expect([...first.administrators, ...second.administrators]).toEqual(
    all.administrators.slice(0, 2),
  );
  const found = await administrators.listAdministrators({
    filter: `display_name = "P${people - 1}"`,
  });
  expect(found.administrators).toMatchObject([
    { account, grants: [{ role: SUPPORT }, { role: KEY_CUSTODIAN }] },
  ]);
});

test("a member of a customer who supports sees others' as support, and their own as themselves", async () => {
  const { person } = await someone();
  const { customer, account } = await registered(person, "Own Ltd");
  const foreign = await registered(await site.signIn({ email: "eve@evil.example" }), "Evil Ltd");
  await grant(owner, account.name, SUPPORT);
  expect((await person.issuer.getCustomer({ name: foreign.customer.name })).customer).toBeDefined();
  // What support may not do at all, an administrator of the customer still does there.
  const invitation = { email: "x@y.z", role: issuer.CustomerRole.USER };
  const invite = (parent: string) =>
    person.accounts.createInvitation({ requestId: requestId(), parent, invitation });
  expect((await invite(customer.name)).secret).not.toBe("");
  await expect(invite(foreign.customer.name)).rejects.toMatchObject({ reason: "NOT_FOUND" });
});

test("an owner asks to join for themselves, as anybody else does", async () => {
  const { referenceId } = (
    await registered(await site.signIn({ email: "cy@acme.example" }), "Cy Ltd")
  ).customer;
  const request = { requestId: requestId(), account: "", referenceId };
  expect(await owner.accounts.requestToJoin(request)).toEqual({});
});
