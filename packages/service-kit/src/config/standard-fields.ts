import { parseIdentityProviders } from "../auth/identity-providers.ts";
import { parseBearerTokens } from "../auth/bearer-tokens.ts";
import { transportFields } from "../tls/transport-fields.ts";
import { type Field, optional } from "./field.ts";
import { rateOrOff } from "./rate-field.ts";
import {
  address,
  choice,
  duration,
  flag,
  integer,
  parsedFile,
  ratio,
  string,
  url,
} from "./fields.ts";

/** How often one network may call. The defaults are `DEFAULT_CALL_RATES`. */
function rateFields() {
  return {
    ratePortal: rateOrOff({
      doc: "Calls of people who administer, from one network (an IPv4 address, 64 bits of IPv6): so many at once, and as many again in each period",
      default: "3000/10s",
    }),
    rateUnlock: rateOrOff({
      doc: "Calls of machines without a license, from one network",
      default: "600/10s",
    }),
    rateLease: rateOrOff({
      doc: "Calls of those who want a seat or a place of another kind, from one network",
      default: "20000/10s",
    }),
    rateRenewal: rateOrOff({
      doc: "Calls of those who hold one, from one network; a stream is one",
      default: "50000/10s",
    }),
    rateInternal: rateOrOff({
      doc: "Calls of services of the cluster, from one network",
      default: "off",
    }),
  } as const;
}

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
      doc: "Go without transport security beyond this machine, behind a mesh or a proxy that provides it: at LISTEN without a certificate, and to other services without one",
      default: "off",
    }),
    ...transportFields(),
    logLevel: choice(["debug", "info", "warn", "error"], {
      doc: "Least severe entries of the log",
      default: "info",
    }),
    metricsListen: optional(
      address({
        doc: "Where Prometheus reads metrics, GET /metrics in plaintext and nothing else; nowhere without it",
      }),
    ),
    otlpEndpoint: optional(
      url({
        doc: "Where traces and metrics go, OTLP over HTTP; none are sent without it",
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
    ...rateFields(),
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
    databaseUrl: withoutPassword(
      url({ doc: "The database, without the password", schemes: ["postgres", "postgresql"] }),
    ),
    databasePassword: optional(
      parsedFile(
        {
          doc: "The database password; while it changes two, one a line: each is tried until one is not refused",
        },
        readPasswords,
      ),
    ),
    databasePool: integer({
      doc: "Connections to the database",
      default: "10",
      min: 1,
      max: 1_000,
    }),
  } as const;
}

/** Environments are seen by more than files are: in lists of processes, by tools, in dumps. */
function withoutPassword(field: Field<string>): Field<string> {
  const holdsPassword = (text: string): boolean => {
    const { password, searchParams } = new URL(text);
    return password !== "" || searchParams.has("password");
  };
  return {
    ...field,
    read: (text) => {
      const read = field.read(text);
      if ("fault" in read || !holdsPassword(text)) return read;
      return { fault: "holds a password: give it in a file" };
    },
  };
}

function readPasswords(text: string): readonly string[] {
  const passwords = text.split(/\r?\n/).filter((line) => line !== "");
  if (passwords.length === 0) throw new Error("must hold a password");
  return passwords;
}
