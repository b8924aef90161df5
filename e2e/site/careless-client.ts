import { hostname } from "node:os";
import { type Installation, installationCredentials } from "@leasehold/client";
import { seatBroker } from "@leasehold/contracts";
import {
  isUuid,
  newUuid,
  parseName,
  systemClock,
  systemRandom,
  uuidBytes,
} from "@leasehold/kernel";
import { type Channel, type Client, client } from "@leasehold/rpc-client";

/**
 * A client that does without the SDK and keeps no rule of it: it sends what it likes, when
 * it likes. What the seats' safety may not depend on.
 */
export class CarelessClient implements AsyncDisposable {
  readonly stub: Client<typeof seatBroker.SeatBrokerServiceDefinition>;
  readonly #installation: Installation;
  readonly #channel: AsyncDisposable;

  constructor(installation: Installation, channel: Channel) {
    const service = seatBroker.SeatBrokerServiceDefinition;
    const credentials = installationCredentials(installation, service.fullName, {
      clock: systemClock,
      random: systemRandom,
    });
    this.#installation = installation;
    this.#channel = channel;
    this.stub = client(service, channel, { metadata: () => credentials.metadata() });
  }

  /** A lease id that nobody has used. */
  newLeaseId(): Buffer {
    const { license } = this.#installation.license;
    const id = parseName("customers/{customer}/licenses/{license}", license)?.license ?? "";
    if (!isUuid(id)) throw new RangeError(`the license's id is no UUID: ${id}`);
    return Buffer.concat([uuidBytes(id), uuidBytes(newUuid(systemClock, systemRandom))]);
  }

  /** Asks for a lease. @throws Problem the refusal */
  async acquire(leaseId: Buffer): Promise<seatBroker.Lease> {
    const { lease } = await this.stub.acquireSeat({
      leaseId,
      holder: {
        installation: "",
        user: "careless",
        host: hostname(),
        process: String(process.pid),
        applicationVersion: "careless 0.1",
      },
      claim: undefined,
    });
    if (!lease) throw new Error("the seat-broker answered without the lease");
    return lease;
  }

  /** Sends one heartbeat, however late. */
  async beat({ leaseId, token }: seatBroker.Lease): Promise<seatBroker.RenewalOutcome> {
    const { renewals } = await this.stub.renewSeats({ heartbeats: [{ leaseId, token }] });
    return renewals[0]?.outcome ?? seatBroker.RenewalOutcome.UNSPECIFIED;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#channel[Symbol.asyncDispose]();
  }
}
