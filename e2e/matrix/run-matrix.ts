import { PrincipalKind } from "@leasehold/contracts";
import type { Cluster } from "@leasehold/dev-cluster";
import { type Belongings, nobodysBelongings } from "./belongings.ts";
import { surpriseOf } from "./compare.ts";
import { type ContractMethod, contractMethods } from "./contract-methods.ts";
import {
  type CallersRule,
  type Expectation,
  expectedAtCustomer,
  expectedOfCall,
  isAtCustomers,
} from "./expectation.ts";
import type { MatrixCaller } from "./matrix-caller.ts";
import { type Observation, observe } from "./observation.ts";
import { openSite, type SiteScene } from "./open-site.ts";
import { RequestTemplate } from "./request-template.ts";
import { type Member, openScene, type Scene } from "./scene.ts";

/** What came of it. */
export interface Matrix {
  /** How many calls were compared with what the rules say. */
  readonly cells: number;
  /** One line for each call that went otherwise, and each method that could not be called. */
  readonly surprises: readonly string[];
}

/** How a run differs from the whole one. */
export interface MatrixOptions {
  /** Which methods to call, by `Service.method`; every one unless told. */
  readonly only?: (method: string) => boolean;
  /** What to take for the rule of a method; the contract's unless told. */
  readonly ruleOf?: (method: ContractMethod) => CallersRule;
}

/** What a license server at a customer's site has, and the vendor's cluster has not. */
const AT_SITES: ReadonlySet<string> = new Set(["SiteService"]);

/** A refused field is filled so many times at most. */
const MOST_TRIES = 60;

/**
 * Goes through every method of the contract and every kind of caller, and compares what happens
 * with what the method's rule and the roles' table say.
 * @param cluster one that people sign in to; it is not fit for anything else afterwards
 */
export async function runMatrix(cluster: Cluster, options: MatrixOptions = {}): Promise<Matrix> {
  const { only = () => true, ruleOf = ({ rule }) => rule } = options;
  const methods = (await contractMethods()).filter((method) => only(nameOf(method)));
  await using scene = await openScene(cluster);
  const run = new MatrixRun(scene, ruleOf);
  for (const method of methods) await run.kindsOf(method);
  const atCustomers = methods.filter((method) => isAtCustomers(ruleOf(method)));
  for (const method of atCustomers) await run.strangersTo(method);
  // Last, as what is let through may change what there is.
  for (const method of atCustomers) await run.membersOf(method);
  const atSites = methods.filter(({ service }) => AT_SITES.has(service.name));
  if (atSites.length > 0) {
    await using site = await openSite(cluster);
    for (const method of atSites) await run.kindsAt(method, site);
  }
  return run;
}

function nameOf({ service, key }: ContractMethod): string {
  return `${service.name}.${key}`;
}

class MatrixRun implements Matrix {
  cells = 0;
  readonly surprises: string[] = [];
  readonly #scene: Scene;
  readonly #ruleOf: (method: ContractMethod) => CallersRule;
  readonly #templates = new Map<ContractMethod, RequestTemplate>();

  constructor(scene: Scene, ruleOf: (method: ContractMethod) => CallersRule) {
    this.#scene = scene;
    this.#ruleOf = ruleOf;
  }

  /** Everybody calls, about nothing. */
  async kindsOf(method: ContractMethod): Promise<void> {
    for (const caller of this.#scene.callers) {
      const expected = AT_SITES.has(method.service.name)
        ? "UNIMPLEMENTED"
        : expectedOfCall(this.#ruleOf(method), caller, method.server);
      const seen = await this.#call(method, caller, new Uint8Array());
      this.#compare(method, caller.name, expected, seen);
    }
  }

  /** Whoever may know of a site calls it. */
  async kindsAt(method: ContractMethod, { channel, callers }: SiteScene): Promise<void> {
    for (const caller of callers) {
      const expected = expectedOfCall(this.#ruleOf(method), caller, method.server);
      const metadata = await caller.metadata(method.service.fullName);
      const seen = await observe(channel, method, metadata, new Uint8Array());
      this.#compare(method, `${caller.name}, at a site`, expected, seen);
    }
  }

  /** People of one customer, and machines, call about what is another's. */
  async strangersTo(method: ContractMethod): Promise<void> {
    const { members, foreign } = this.#scene;
    for (const member of members) {
      const expected = expectedAtCustomer(this.#ruleOf(method), member.standing, undefined);
      // What support is let through to is looked at last.
      if (expected === "absent") await this.#absent(method, member.caller, foreign);
    }
    if (!method.rule.principals.includes(PrincipalKind.INSTALLATION)) return;
    const machine = this.#scene.callers.find(({ standing }) => standing.kind === "installation");
    if (machine) await this.#absent(method, machine, foreign);
  }

  /** People of a customer call about what is theirs; whoever may do the most, at the end. */
  async membersOf(method: ContractMethod): Promise<void> {
    for (const member of this.#scene.members) {
      await this.#own(method, member);
      const expected = expectedAtCustomer(this.#ruleOf(method), member.standing, undefined);
      if (expected !== "absent") {
        const seen = await this.#about(method, member.caller, this.#scene.foreign);
        this.#compare(method, `${member.caller.name}, foreign`, expected, seen);
      }
    }
  }

  async #own(method: ContractMethod, { caller, own, standing, role }: Member): Promise<void> {
    const expected = expectedAtCustomer(this.#ruleOf(method), standing, role);
    const seen = await this.#about(method, caller, own);
    // Somebody before may have used up what the call is about; that it was found, the user's call tells.
    const loose = expected === "found" && role === "ADMINISTRATOR" ? "past" : expected;
    this.#compare(method, `${caller.name}, own`, loose, seen);
  }

  async #absent(method: ContractMethod, caller: MatrixCaller, foreign: Belongings): Promise<void> {
    const seen = await this.#about(method, caller, foreign);
    const absent = await this.#about(method, caller, nobodysBelongings());
    this.#compare(method, `${caller.name}, foreign`, "absent", seen, absent);
  }

  /** Calls about somebody's belongings, with a request that is valid. */
  async #about(
    method: ContractMethod,
    caller: MatrixCaller,
    of: Belongings,
  ): Promise<Observation | undefined> {
    const template = this.#templateOf(method);
    let seen: Observation | undefined;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      try {
        seen = await this.#call(method, caller, template.render(of));
        if (seen.outcome !== "INVALID_REQUEST") return seen;
        template.advance(seen.fields);
      } catch (thrown) {
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        this.surprises.push(`${nameOf(method)}: no valid request is known: ${why}`);
        return undefined;
      }
    }
    this.surprises.push(`${nameOf(method)}: no valid request was found`);
    return undefined;
  }

  #templateOf(method: ContractMethod): RequestTemplate {
    const known = this.#templates.get(method);
    if (known) return known;
    const template = new RequestTemplate(method.input);
    this.#templates.set(method, template);
    return template;
  }

  async #call(
    method: ContractMethod,
    caller: MatrixCaller,
    request: Uint8Array,
  ): Promise<Observation> {
    const metadata = await caller.metadata(method.service.fullName);
    const channels = caller.channels ?? this.#scene.channels;
    return observe(channels[method.server], method, metadata, request);
  }

  #compare(
    method: ContractMethod,
    who: string,
    expected: Expectation,
    seen: Observation | undefined,
    absent?: Observation,
  ): void {
    this.cells += 1;
    if (!seen) return; // told of where it was tried
    const surprise = surpriseOf(expected, seen, absent);
    if (surprise !== undefined) this.surprises.push(`${nameOf(method)} by ${who}: ${surprise}`);
  }
}
