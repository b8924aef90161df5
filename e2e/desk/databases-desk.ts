import { activation, issuer } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type Channel, type Client, client } from "@leasehold/rpc-client";

/** Whoever looks after the databases of customers, through the public API alone. */
export class DatabasesDesk implements AsyncDisposable {
  readonly #resources: Client<typeof activation.ResourceServiceDefinition>;
  readonly #customers: Client<typeof issuer.CustomerServiceDefinition>;
  readonly #channels = new AsyncDisposableStack();

  constructor(options: {
    readonly issuer: string;
    readonly activation: string;
    /** Bearer secret of an administrator. */
    readonly adminToken: string;
    /** How to reach either. */
    readonly connect: (address: string) => Channel;
  }) {
    const metadata = () => ({ authorization: `Bearer ${options.adminToken}` });
    const toActivation = this.#channels.use(options.connect(options.activation));
    const toIssuer = this.#channels.use(options.connect(options.issuer));
    const { ResourceServiceDefinition } = activation;
    this.#resources = client(ResourceServiceDefinition, toActivation, { metadata });
    this.#customers = client(issuer.CustomerServiceDefinition, toIssuer, { metadata });
  }

  /** Registers databases under their own ids. @returns their names, in that order */
  async import(customer: string, externalIds: readonly string[]): Promise<readonly string[]> {
    const { resources } = await this.#resources.importResources({
      requestId: requestId(),
      parent: customer,
      resources: externalIds.map((externalId) => ({
        externalId,
        displayName: `Database ${externalId}`,
      })),
    });
    return resources.map(({ resource }) => resource?.name ?? "");
  }

  async bind(name: string, license: string): Promise<void> {
    await this.#resources.bindResource({ requestId: requestId(), name, license });
  }

  async unbind(name: string): Promise<void> {
    await this.#resources.unbindResource({ requestId: requestId(), name });
  }

  async move(name: string, license: string): Promise<void> {
    await this.#resources.moveResource({ requestId: requestId(), name, license });
  }

  /** The external ids of the customer's licensed databases. */
  async licensed(customer: string): Promise<readonly string[]> {
    const { resources } = await this.#resources.listResources({
      parent: customer,
      licensedOnly: true,
    });
    return resources.map(({ externalId }) => externalId);
  }

  /** Lets the customer bind so many databases. */
  async allow(customer: string, databases: number): Promise<void> {
    await this.#customers.updateCustomer({
      requestId: requestId(),
      name: customer,
      customer: { limits: { resources: databases } },
      updateMask: ["limits"],
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#channels.disposeAsync();
  }
}

function requestId(): string {
  return newUuid(systemClock, systemRandom);
}
