import type { X509Certificate } from "node:crypto";
import type { Log } from "../log/log.ts";
import {
  type CertificateFiles,
  certificateOf,
  type ReadCertificate,
  readFiles,
} from "./certificate-files.ts";

/** A certificate that follows its files. */
export interface LiveCertificate extends Disposable {
  /** What counts for new connections. */
  readonly current: ReadCertificate;
  /** Tells of each exchange. */
  onExchange(listener: (certificate: ReadCertificate) => void): void;
}

/** What a certificate is followed with. */
export interface LiveCertificateOptions {
  /** What it is for, as the log calls it. */
  readonly name: string;
  readonly log: Log;
  /** How often the files are looked at, in milliseconds. */
  readonly everyMs?: number | undefined;
}

const EVERY_MS = 2_000;
/** How often an end that is near is told of. */
const REMIND_MS = 60 * 60_000;

/**
 * Reads a certificate, and again whenever its files change. What cannot be used is logged, and the one
 * of before stays: files are often written one after another.
 * @throws Error if it cannot be used to begin with
 */
export async function liveCertificate(
  files: CertificateFiles,
  { name, log, everyMs = EVERY_MS }: LiveCertificateOptions,
): Promise<LiveCertificate> {
  const listeners: ((certificate: ReadCertificate) => void)[] = [];
  let { digest, certificate: current } = await firstOf(files, name);
  const remind = reminder(name, log);
  const look = async (): Promise<void> => {
    try {
      const read = await readFiles(files);
      if (read.digest === digest) return;
      digest = read.digest; // also of what cannot be used: it is told of once
      current = certificateOf(read);
      log.info(factsOf(name, current.leaf), "the certificate was exchanged");
      for (const listener of listeners) listener(current);
    } catch (err) {
      tellOnce(err);
    } finally {
      remind(current.leaf);
    }
  };
  let told = "";
  const tellOnce = (err: unknown): void => {
    const what = `${digest} ${String(err)}`;
    if (what !== told) log.error({ certificate: name, err }, "the new certificate is not usable");
    told = what;
  };
  remind(current.leaf);
  const timer = setInterval(() => void look(), everyMs).unref();
  return {
    get current() {
      return current;
    },
    onExchange: (listener) => void listeners.push(listener),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

async function firstOf(files: CertificateFiles, name: string) {
  try {
    const read = await readFiles(files);
    return { digest: read.digest, certificate: certificateOf(read) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the ${name} certificate is not usable: ${why}`, { cause });
  }
}

/** Tells once an hour that less than a third of the certificate's life is left, or that it is over: then at once. */
function reminder(name: string, log: Log): (leaf: X509Certificate) => void {
  let next = 0;
  let wasOver = false;
  return (leaf) => {
    const now = Date.now();
    const [from, to] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
    const isOver = now >= to;
    const isDue = now >= next || isOver !== wasOver;
    wasOver = isOver;
    if (!isDue || (to - now) * 3 >= to - from) return;
    next = now + REMIND_MS;
    if (isOver) log.error(factsOf(name, leaf), "the certificate is over");
    else log.warn(factsOf(name, leaf), "the certificate is near its end");
  };
}

function factsOf(name: string, leaf: X509Certificate) {
  return {
    certificate: name,
    names: leaf.subjectAltName,
    end: new Date(leaf.validTo).toISOString(),
  };
}
