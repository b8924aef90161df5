import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Cluster } from "./cluster.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** What is told of a cluster. */
export type Welcomed = Pick<
  Cluster,
  "deployment" | "addresses" | "adminToken" | "adminTokenFile" | "trustRoot"
>;

/** What a developer needs to know of a cluster that is up. */
export function welcome(cluster: Welcomed): string {
  const { issuer, activation, seatBrokers } = cluster.addresses;
  return `
Leasehold is up. Ctrl-C ends it and leaves nothing behind.

  deployment     ${cluster.deployment}
  issuer         ${issuer}
  activation     ${activation}
  seat-broker    ${seatBrokers.join(", ")}
  trust root     ${cluster.trustRoot}
  admin token    in ${cluster.adminTokenFile}

Try, with grpcurl, in ${ROOT}:

${examples(cluster).join("\n\n")}
`;
}

function examples({ addresses, adminTokenFile }: Welcomed): readonly string[] {
  const read = "grpcurl -plaintext";
  const admin = `${read} -H "authorization: Bearer $(cat ${quoted(adminTokenFile)})"`;
  const [issuer, seatBroker] = ["issuer", "seatbroker"].map(contract);
  const customer = {
    request_id: randomUUID(),
    customer: { display_name: "Acme", reference_id: "ACME" },
  };
  return [
    `  ${read} ${issuer} \\
    ${addresses.issuer} leasehold.issuer.v1.IssuerService/GetTrustBundle`,
    `  ${admin} ${issuer} \\
    -d '${JSON.stringify(customer)}' \\
    ${addresses.issuer} leasehold.issuer.v1.IssuerService/CreateCustomer`,
    `  ${admin} ${seatBroker} \\
    -d '{"parent":"customers/CUSTOMER/licenses/LICENSE"}' \\
    ${addresses.seatBroker} leasehold.seatbroker.v1.SeatBrokerService/ListSeats`,
  ];
}

/** Where grpcurl reads the contract of a service, and the details of errors. */
function contract(service: string): string {
  const file = service === "seatbroker" ? "seat_broker" : service;
  const own = `-import-path proto -proto leasehold/${service}/v1/${file}_service.proto`;
  return `${own} -import-path third_party/googleapis -proto google/rpc/error_details.proto`;
}

/** As one word of a shell. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
