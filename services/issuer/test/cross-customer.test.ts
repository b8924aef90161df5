import { issuer, methodRule, PrincipalKind, RequiredRole } from "@leasehold/contracts";
import type { ServiceDefinition } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import { client, connect } from "@leasehold/rpc-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStudio, issueLicense, requestId } from "./issuer-under-test.ts";
import {
  type IssuerWithPeople,
  issuerWithPeople,
  registered,
  type SignedInPerson,
} from "./people.ts";

const { ADMINISTRATOR, USER } = issuer.CustomerRole;
const NOBODY = "0190b5a0-0000-7000-8000-00000000000a";

const SERVICES: readonly ServiceDefinition[] = [
  issuer.AccountServiceDefinition,
  issuer.AdministratorServiceDefinition,
  issuer.AuditServiceDefinition,
  issuer.CatalogueServiceDefinition,
  issuer.CustomerServiceDefinition,
  issuer.IssuerServiceDefinition,
  issuer.LicenseServiceDefinition,
  issuer.ProductKeyServiceDefinition,
  issuer.RegistrationServiceDefinition,
  issuer.SigningServiceDefinition,
];

/** What there is at one customer's. */
interface Belongings {
  readonly customer: string;
  readonly license: string;
  readonly invitation: string;
  readonly joinRequest: string;
  /** Somebody who acts for it. */
  readonly colleague: string;
}

/** How a method is asked for what is a customer's, and what its people in the role of user are told. */
const AT_CUSTOMERS: Readonly<
  Record<string, { readonly request: (of: Belongings) => object; readonly user: string }>
> = {
  getCustomer: { request: ({ customer: name }) => ({ name }), user: "let in" },
  getLicense: { request: ({ license: name }) => ({ name }), user: "let in" },
  listLicenses: { request: ({ customer: parent }) => ({ parent }), user: "let in" },
  listInvitations: { request: ({ customer: parent }) => ({ parent }), user: "PERMISSION_DENIED" },
  listJoinRequests: { request: ({ customer: parent }) => ({ parent }), user: "PERMISSION_DENIED" },
  createInvitation: {
    request: ({ customer: parent }) => ({ parent, invitation: { email: "x@y.z", role: USER } }),
    user: "PERMISSION_DENIED",
  },
  withdrawInvitation: {
    request: ({ invitation: name }) => ({ name }),
    user: "PERMISSION_DENIED",
  },
  approveJoinRequest: {
    request: ({ joinRequest: name }) => ({ name, role: USER }),
    user: "PERMISSION_DENIED",
  },
  declineJoinRequest: {
    request: ({ joinRequest: name }) => ({ name }),
    user: "PERMISSION_DENIED",
  },
  removeMembership: {
    request: ({ colleague: name, customer }) => ({ name, customer, validateOnly: true }),
    user: "PERMISSION_DENIED",
  },
};

/** Methods of accounts that are about the account that calls; others' are not there. */
const ABOUT_ONESELF: Readonly<Record<string, (account: string) => object>> = {
  acceptInvitation: (account) => ({ account, secret: `lh_inv_${"a".repeat(43)}` }),
  requestToJoin: (account) => ({ account, referenceId: "00000-00000" }),
};
const ALWAYS_ONESELF = ["becomeFirstOwner", "getMyAccount", "linkMyIdentity", "register"];

let site: IssuerWithPeople;
let ada: SignedInPerson;
let user: SignedInPerson;
let adas: issuer.Account;
let own: Belongings;
let foreign: Belongings;
beforeAll(async () => {
  site = await issuerWithPeople();
  await createStudio(site.under.admin);
  ada = await site.signIn({ email: "ada@acme.example" });
  const home = await registered(ada, "Acme GmbH");
  adas = home.account;
  own = await belongings(ada, home.customer);
  user = await site.signIn({ email: "user@acme.example" });
  const { account } = await registered(user);
  await site.under.of(issuer.AccountServiceDefinition, "admin").setMembership({
    requestId: requestId(),
    name: account.name,
    customer: own.customer,
    role: USER,
  });
  const eve = await site.signIn({ email: "eve@evil.example" });
  foreign = await belongings(eve, (await registered(eve, "Evil Ltd")).customer);
});
afterAll(() => site[Symbol.asyncDispose]());

async function belongings(
  by: SignedInPerson,
  { name: customer, referenceId }: issuer.Customer,
): Promise<Belongings> {
  const license = await issueLicense(site.under.admin, customer);
  const { invitation } = await by.accounts.createInvitation({
    requestId: requestId(),
    parent: customer,
    invitation: { email: "x@y.z", role: ADMINISTRATOR },
  });
  const asking = await site.signIn({ email: `${referenceId.toLowerCase()}@asks.example` });
  await registered(asking);
  await asking.accounts.requestToJoin({ requestId: requestId(), account: "", referenceId });
  const { joinRequests } = await by.accounts.listJoinRequests({ parent: customer });
  const colleague = (await by.self.getMyAccount({})).account!.name;
  return {
    customer,
    colleague,
    license: license.name,
    invitation: invitation!.name,
    joinRequest: joinRequests[0]!.name,
  };
}

function named(method: string): ServiceDefinition {
  return SERVICES.find(({ methods }) => method in methods)!;
}

/** What somebody is told, status text included. */
async function told(by: SignedInPerson, method: string, request: object): Promise<string> {
  await using channel = connect(site.under.address);
  const definition = named(method);
  const calls = client(definition, channel, {
    metadata: () => ({ authorization: `Bearer ${by.accessToken}` }),
  }) as Record<string, unknown>;
  const { requestType } = definition.methods[method]!;
  const empty = requestType.decode(new Uint8Array()) as object;
  const hasId = "requestId" in empty ? { requestId: requestId() } : {};
  try {
    await (calls[method] as (request: unknown) => Promise<unknown>)({
      ...empty,
      ...hasId,
      ...request,
    });
    return "let in";
  } catch (thrown) {
    if (!isProblem(thrown)) throw thrown;
    return `${thrown.reason} ${thrown.message}`;
  }
}

/** The same names with others in them. */
function renamed(of: Belongings, rename: (name: string, what: string) => string): Belongings {
  const texts = Object.entries(of).map(
    ([what, name]: [string, string]) => [what, rename(name, what)] as const,
  );
  return Object.fromEntries(texts) as unknown as Belongings;
}

/** The same of a customer that there is not. */
function absent(of: Belongings): Belongings {
  const id = of.customer.split("/")[1]!;
  return renamed(of, (name, what) =>
    what === "colleague" ? `accounts/${NOBODY}` : name.replace(id, NOBODY),
  );
}

test("every method that an account may call is here", () => {
  const accounts = SERVICES.flatMap(({ methods }) =>
    Object.entries(methods)
      .filter(([, method]) => methodRule(method)?.principals.includes(PrincipalKind.ACCOUNT))
      .map(([name]) => name),
  );
  const here = [...Object.keys(AT_CUSTOMERS), ...Object.keys(ABOUT_ONESELF), ...ALWAYS_ONESELF];
  expect(here.toSorted()).toEqual(accounts.toSorted());
});

test.each(Object.keys(AT_CUSTOMERS))(
  "%s tells nothing of another customer, not even that there is one",
  async (method) => {
    const { request } = AT_CUSTOMERS[method]!;
    const rule = methodRule(named(method).methods[method]!);
    // Whoever administers no customer at all need not be looked up to be refused.
    const ofUsers =
      rule?.customerRole === RequiredRole.ADMINISTRATOR ? /^PERMISSION_DENIED / : /^NOT_FOUND /;
    for (const by of [ada, user]) {
      const answer = await told(by, method, request(foreign));
      expect(answer).toMatch(by === user ? ofUsers : /^NOT_FOUND /);
      expect(answer).toBe(await told(by, method, request(absent(foreign))));
    }
  },
);

/** Those that name a thing of a customer's, and not the customer alone. */
const OF_THINGS = [
  "getLicense",
  "withdrawInvitation",
  "approveJoinRequest",
  "declineJoinRequest",
  "removeMembership",
];

test.each(OF_THINGS)(
  "%s with a foreign customer's thing under one's own name finds nothing",
  async (method) => {
    const { request } = AT_CUSTOMERS[method]!;
    const [ownId, foreignId] = [own.customer, foreign.customer].map((name) => name.split("/")[1]!);
    const smuggled = request(renamed(foreign, (name) => name.replace(foreignId!, ownId!)));
    expect(await told(ada, method, smuggled)).toMatch(/^NOT_FOUND /);
  },
);

test.each(Object.keys(AT_CUSTOMERS))("%s by people of the customer", async (method) => {
  const { request, user: userIs } = AT_CUSTOMERS[method]!;
  expect((await told(user, method, request(own))).split(" ", 1)[0]).toBe(userIs.split(" ", 1)[0]);
  // Decided by now, withdrawn by now: that, too, is told to those alone who may know it.
  expect(await told(ada, method, request(own))).toMatch(/^(let in|STATE_CONFLICT)/);
});

test.each(Object.keys(ABOUT_ONESELF))("%s is for oneself alone", async (method) => {
  const request = ABOUT_ONESELF[method]!;
  const others = await told(ada, method, request(foreign.colleague));
  expect(others).toMatch(/^NOT_FOUND /);
  expect(others).toBe(await told(ada, method, request(`accounts/${NOBODY}`)));
  expect(await told(ada, method, request(adas.name))).toBe(await told(ada, method, request("")));
  expect(await told(ada, method, request(""))).not.toMatch(/^NOT_FOUND/);
});

test("licenses of all customers are not there for an account", async () => {
  expect(await told(ada, "listLicenses", { parent: "customers/-" })).toMatch(/^NOT_FOUND /);
});
