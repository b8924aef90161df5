import { parseArgs } from "node:util";
import type { BenchSettings, Durability, TlsFiles } from "./bar.ts";

/** What the command line asks for. */
export interface Plan {
  /** Names of bars; empty: all that need nothing special. */
  readonly names: readonly string[];
  readonly json: boolean;
  readonly list: boolean;
  /** Certificates are to be made for the run. */
  readonly makesTls: boolean;
  readonly settings: BenchSettings;
}

const DURABILITIES: readonly Durability[] = ["none", "everysec", "always"];
// Rounds are even in number, so that each side is first as often as the other.
const FULL = { rounds: 6, ms: 3_000, warmUpMs: 500, seats: 1_000_000, seatsMs: 300_000 };
const QUICK = { rounds: 3, ms: 1_500, warmUpMs: 500, seats: 10_000, seatsMs: 20_000 };

/** @throws Error that says what is wrong with the arguments */
export function planOf(args: readonly string[]): Plan {
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      "cpu-prof": { type: "boolean", default: false },
      "kill-broker": { type: "boolean", default: false },
      rounds: { type: "string" },
      seconds: { type: "string" },
      "warm-up": { type: "string" },
      seats: { type: "string" },
      minutes: { type: "string" },
      durability: { type: "string" },
      "node-flag": { type: "string", multiple: true, default: [] },
      tls: { type: "boolean", default: false },
      "tls-certificate": { type: "string" },
      "tls-key": { type: "string" },
      "tls-authorities": { type: "string" },
      "peer-url": { type: "string" },
      "peer-adapter": { type: "string" },
    },
  });
  const size = values.quick ? QUICK : FULL;
  const tls = tlsFiles(values["tls-certificate"], values["tls-key"], values["tls-authorities"]);
  return {
    names: values["kill-broker"] ? positionals.map(killing) : positionals,
    json: values.json,
    list: values.list,
    makesTls: values.tls && tls === undefined,
    settings: {
      quick: values.quick,
      rounds: positive("--rounds", values.rounds) ?? size.rounds,
      ms: seconds("--seconds", values.seconds) ?? size.ms,
      warmUpMs: seconds("--warm-up", values["warm-up"]) ?? size.warmUpMs,
      seats: positive("--seats", values.seats) ?? size.seats,
      seatsMs: scaled(positive("--minutes", values.minutes), 60_000) ?? size.seatsMs,
      durability: durability(values.durability),
      nodeFlags: values["node-flag"],
      cpuProf: values["cpu-prof"],
      tls,
      peerUrl: values["peer-url"],
      peerAdapter: values["peer-adapter"],
    },
  };
}

/** `--kill-broker` makes one bar of the other. */
function killing(name: string): string {
  return name === "million" ? "million-killed" : name;
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new Error(`${option} must be more than 0`);
  return value;
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

function seconds(option: string, text: string | undefined): number | undefined {
  return scaled(positive(option, text), 1_000);
}

function durability(text: string | undefined): Durability | undefined {
  if (text === undefined) return undefined;
  const known = DURABILITIES.find((one) => one === text);
  if (!known) throw new Error(`--durability must be one of ${DURABILITIES.join(", ")}`);
  return known;
}

function tlsFiles(certificate?: string, key?: string, authorities?: string): TlsFiles | undefined {
  if (certificate === undefined && key === undefined && authorities === undefined) return undefined;
  if (certificate === undefined || key === undefined || authorities === undefined)
    throw new Error("--tls-certificate, --tls-key and --tls-authorities belong together");
  return { certificate, key, authorities };
}
