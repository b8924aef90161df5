import { randomUUID } from "node:crypto";
import type { Cluster } from "./cluster.ts";

/** What is told of a cluster. */
export type Welcomed = Pick<
  Cluster,
  | "deployment"
  | "addresses"
  | "metricsUrls"
  | "authoritiesFile"
  | "adminToken"
  | "adminTokenFile"
  | "trustRoot"
  | "identityProvider"
  | "owner"
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
  known by       ${cluster.authoritiesFile ?? "nothing: plaintext"}
  people sign in at ${cluster.identityProvider?.issuer ?? "no provider"}
  the owner is   ${cluster.owner?.email ?? "nobody"}
${metrics(cluster)}

Try, with grpcurl, which asks the services for their contract:

${examples(cluster).join("\n\n")}

Or as a customer, with the command line of this checkout:

  export LEASEHOLD_ISSUER=${issuer}${trusting(cluster)}
  alias leasehold='node --conditions=source apps/cli/src/main.ts'
  leasehold login
  leasehold register --customer "Acme GmbH"
`;
}

/** Where Prometheus, or a look of one's own, finds what each service counts. */
function metrics({ metricsUrls }: Welcomed): string {
  return [...metricsUrls]
    .map(
      ([name, url], index) =>
        `  ${index === 0 ? "metrics of" : "          "}     ${name.padEnd(11)} ${url}`,
    )
    .join("\n");
}

function examples({ addresses, adminTokenFile, authoritiesFile }: Welcomed): readonly string[] {
  const read =
    authoritiesFile === undefined
      ? "grpcurl -plaintext"
      : `grpcurl -cacert ${quoted(authoritiesFile)}`;
  const admin = `${read} -H "authorization: Bearer $(cat ${quoted(adminTokenFile)})"`;
  const customer = {
    request_id: randomUUID(),
    customer: { display_name: "Acme", reference_id: "ACME" },
  };
  return [
    `  ${read} ${addresses.issuer} leasehold.issuer.v1.IssuerService/GetTrustBundle`,
    `  ${admin} \\
    -d '${JSON.stringify(customer)}' \\
    ${addresses.issuer} leasehold.issuer.v1.IssuerService/CreateCustomer`,
    `  ${admin} \\
    -d '{"parent":"customers/CUSTOMER/licenses/LICENSE"}' \\
    ${addresses.seatBroker} leasehold.seatbroker.v1.SeatBrokerService/ListSeats`,
  ];
}

/** What client applications and the command line of this machine need to know the servers. */
function trusting({ authoritiesFile }: Welcomed): string {
  if (authoritiesFile === undefined) return "";
  return `\n  export LEASEHOLD_TLS_AUTHORITIES_FILE=${quoted(authoritiesFile)}`;
}

/** As one word of a shell. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
