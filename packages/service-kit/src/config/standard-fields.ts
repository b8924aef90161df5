import { parseIdentityProviders } from "../auth/identity-providers.ts";
import { parseBearerTokens } from "../auth/bearer-tokens.ts";
import { optional } from "./field.ts";
import {
  address,
  choice,
  duration,
  flag,
  integer,
  parsedFile,
  ratio,
  secretFile,
  string,
  url,
} from "./fields.ts";

/** The settings of every service. */
export function serviceFields(defaults: { readonly listen: string }) {
  return {
    listen: address({ doc: "Where to listen", default: defaults.listen }),
    healthListen: optional(
      address({
        doc: "Where to answer probes besides: grpc.health.v1 in plaintext, and nothing else",
      }),
    ),
    plaintext: flag({
      doc: "Serve without transport security beyond this machine, behind a mesh or a proxy that provides it",
      default: "off",
    }),
    logLevel: choice(["debug", "info", "warn", "error"], {
      doc: "Least severe entries of the log",
      default: "info",
    }),
    otlpEndpoint: optional(
      url({
        doc: "Where traces go, OTLP over HTTP; none are exported without it",
        schemes: ["http", "https"],
      }),
    ),
    traceSample: ratio({ doc: "Share of the calls that begin a trace", default: "0.01" }),
    reflection: flag({ doc: "Tell tools what is served (gRPC reflection)", default: "off" }),
    deployment: string({
      doc: "Name of the deployment, the issuer of everything signed, for example dev.leasehold.local",
    }),
    bearerTokens: parsedFile(
      { doc: "Accepted bearer secrets: a JSON array of { sha256, kind, subject, permissions }" },
      parseBearerTokens,
    ),
    drain: duration({
      doc: "How long the last calls may take when the service stops",
      default: "10s",
    }),
  } as const;
}

/** The settings of a service that people call. */
export function signInFields() {
  return {
    identityProviders: optional(
      parsedFile(
        {
          doc: "Whom people sign in with: a JSON array of { issuer, audience }, and what else docs/sign-in.md tells of. Without it, no people are let in",
        },
        parseIdentityProviders,
      ),
    ),
  } as const;
}

/** The settings of a service with a database. */
export function databaseFields() {
  return {
    databaseUrl: url({ doc: "The database", schemes: ["postgres", "postgresql"] }),
    databasePassword: optional(secretFile({ doc: "The database password, unless the URL has it" })),
    databasePool: integer({
      doc: "Connections to the database",
      default: "10",
      min: 1,
      max: 1_000,
    }),
  } as const;
}
