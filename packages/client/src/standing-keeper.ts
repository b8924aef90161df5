import type { Clock } from "@leasehold/kernel";
import type { ClockMarkFiles } from "./clock-mark-files.ts";
import { type ClockMark, observe, trustTime } from "./clock-mark.ts";
import type { LicenseFacts } from "./license-facts.ts";
import { type CertifiedTime, type LicenseStanding, standingOf } from "./license-standing.ts";
import type { ElapsedClock } from "./suspend-aware-clock.ts";

/** What keeping the standing of a session needs. */
export interface StandingPorts {
  readonly files: ClockMarkFiles;
  readonly clock: Pick<Clock, "now">;
  readonly elapsed: ElapsedClock;
  /** What the certificates say of their time; a refresh brings others. */
  readonly certified: () => CertifiedTime;
  readonly facts: () => LicenseFacts;
  /** How far the servers' clock is from this machine's, as far as they told, in milliseconds. */
  readonly offset: () => number;
  /** Told when the standing is another one. */
  readonly changed: (standing: LicenseStanding) => void;
}

/** How often the clock is looked at, and how much of its time a crash can make forgotten. */
const LOOK_EVERY_MS = 60_000;

/** Keeps the standing of a session up to date, and what it saw of time on disk. */
export class StandingKeeper implements AsyncDisposable {
  readonly #ports: StandingPorts;
  #mark: ClockMark;
  #before = false;
  /** Whether a server has accepted this installation's proofs, which are dated by `offset`. */
  #contacted = false;
  #observedAt: number;
  #kept: ClockMark | undefined;
  #standing: LicenseStanding;
  #writing: Promise<unknown>;
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: StandingPorts) {
    this.#ports = ports;
    this.#observedAt = ports.elapsed();
    this.#mark = observe(undefined, { wall: this.#wall(), passedMs: 0 });
    this.#standing = this.#stands();
    this.#writing = this.#recall();
    this.#arm();
  }

  /** How the installation stands now. */
  get standing(): LicenseStanding {
    this.look();
    return this.#standing;
  }

  /** A server accepted a proof of this installation: its time and ours, as corrected, agree. */
  contacted(): void {
    this.#contacted = true;
    this.#before = true;
    this.#observedAt = this.#ports.elapsed();
    this.#mark = trustTime(this.#wall());
    this.#tell();
    this.#keep();
  }

  /** Looks at the clock. */
  look(): void {
    this.#observe();
    this.#tell();
    const { seen, behindSince } = this.#mark;
    const isNews = behindSince !== this.#kept?.behindSince;
    if (isNews || seen - (this.#kept?.seen ?? 0) >= LOOK_EVERY_MS) this.#keep();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    clearTimeout(this.#timer);
    this.#observe();
    this.#keep();
    await this.#writing;
  }

  async #recall(): Promise<void> {
    const known = await this.#ports.files.read().catch(() => undefined);
    if (known && !this.#contacted) {
      this.#mark = known;
      this.#before = true;
    }
    this.#kept = known;
    this.look();
  }

  #arm(): void {
    this.#timer = setTimeout(() => {
      this.look();
      this.#arm();
    }, LOOK_EVERY_MS).unref();
  }

  #observe(): void {
    const at = this.#ports.elapsed();
    this.#mark = observe(this.#mark, { wall: this.#wall(), passedMs: at - this.#observedAt });
    this.#observedAt = at;
  }

  #tell(): void {
    const { state, cause } = this.#standing;
    this.#standing = this.#stands();
    if (this.#standing.state !== state || this.#standing.cause !== cause)
      this.#ports.changed(this.#standing);
  }

  #stands(): LicenseStanding {
    const { facts, certified } = this.#ports;
    const seen = { mark: this.#mark, before: this.#before, wall: this.#wall() };
    return standingOf(facts(), certified(), seen);
  }

  /** One after the other; a disk that is full costs the memory of time, not the license. */
  #keep(): void {
    const mark = this.#mark;
    this.#kept = mark;
    const write = () => this.#ports.files.write(mark).catch(() => undefined);
    this.#writing = this.#writing.then(write);
  }

  #wall(): number {
    return this.#ports.clock.now() + (this.#contacted ? this.#ports.offset() : 0);
  }
}
