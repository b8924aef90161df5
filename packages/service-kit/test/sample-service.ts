import { issuer, seatBroker } from "@leasehold/contracts";
import { implement, type Principal, type ServiceBinding } from "@leasehold/service-kit";

/** One method of each shape and rule, taken from the contract. */
export const brokerDefinition = {
  ...seatBroker.SeatBrokerServiceDefinition,
  methods: {
    acquireSeat: seatBroker.SeatBrokerServiceDefinition.methods.acquireSeat,
    renewSeats: seatBroker.SeatBrokerServiceDefinition.methods.renewSeats,
    keepAlive: seatBroker.SeatBrokerServiceDefinition.methods.keepAlive,
    listSeats: seatBroker.SeatBrokerServiceDefinition.methods.listSeats,
  },
} as const;

export const issuerDefinition = {
  ...issuer.IssuerServiceDefinition,
  methods: {
    getTrustBundle: issuer.IssuerServiceDefinition.methods.getTrustBundle,
    createCustomer: issuer.IssuerServiceDefinition.methods.createCustomer,
    watchLicenses: issuer.IssuerServiceDefinition.methods.watchLicenses,
  },
} as const;

type BrokerHandlers = Parameters<typeof implement<typeof brokerDefinition>>[1];
type IssuerHandlers = Parameters<typeof implement<typeof issuerDefinition>>[1];

export const LEASE_ID = Buffer.alloc(32, 7);

export function broker(
  handlers: Partial<BrokerHandlers> = {},
  onDrain?: () => void,
): ServiceBinding {
  return implement(
    brokerDefinition,
    {
      acquireSeat: ({ leaseId }) =>
        Promise.resolve({
          lease: {
            leaseId,
            fencingToken: 1n,
            validity: undefined,
            heartbeat: undefined,
            token: Buffer.alloc(0),
            overdraft: false,
          },
          warnings: [],
        }),
      renewSeats: () => Promise.resolve({ renewals: [] }),
      keepAlive: (stream) => {
        stream.onMessage(({ seq }) => stream.send({ seq, renewals: [], event: undefined }));
        stream.onEnd(() => stream.end());
      },
      listSeats: () => Promise.resolve({ seats: [], nextPageToken: "", pool: undefined }),
      ...handlers,
    },
    onDrain ? { onDrain } : {},
  );
}

export function issuing(handlers: Partial<IssuerHandlers> = {}): ServiceBinding {
  return implement(issuerDefinition, {
    getTrustBundle: () => Promise.resolve({ trustBundle: "trust" }),
    createCustomer: ({ customer }) => Promise.resolve({ customer }),
    watchLicenses: async function* () {
      yield { feedRevision: 1n, license: undefined, productFacts: undefined, customer: undefined };
      yield { feedRevision: 2n, license: undefined, productFacts: undefined, customer: undefined };
    },
    ...handlers,
  });
}

/** Principals by the secret that their calls carry. */
export const PRINCIPALS = {
  installation: {
    kind: "installation",
    installation: "installations/00000000-0000-7000-8000-000000000001",
    license: "customers/acme/licenses/1",
    product: "products/draw",
    publicKeyThumbprint: "A".repeat(43),
  },
  administrator: { kind: "administrator", subject: "ann", permissions: new Set(["*"]) },
  reader: { kind: "administrator", subject: "rita", permissions: new Set(["seats.read"]) },
  service: { kind: "service", service: "activation", permissions: new Set(["licenses.watch"]) },
  console: { kind: "service", service: "console", permissions: new Set(["*"]) },
} as const satisfies Record<string, Principal>;

export type Secret = keyof typeof PRINCIPALS;
