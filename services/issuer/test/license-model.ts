/** What the issuer is compared with: licenses of one product, as data and rules, without any store. */
export interface ModelTerms {
  readonly seats: number;
  readonly endTime: number;
  readonly maintenanceEndTime: number | undefined;
}

export type ModelState = "ACTIVE" | "SUSPENDED" | "REVOKED";

/** A license, called by its place in the order of issue. Times are milliseconds since 1970. */
export interface ModelLicense extends ModelTerms {
  readonly id: number;
  readonly customer: number;
  readonly revision: number;
  readonly state: ModelState;
  readonly createTime: number;
  readonly updateTime: number;
  readonly transferredFrom: number | undefined;
  readonly transferredTo: number | undefined;
}

export interface ModelRevision {
  readonly license: ModelLicense;
  readonly action: "ISSUE" | "AMEND" | "RENEW" | "SUSPEND" | "RESUME" | "REVOKE" | "TRANSFER";
  readonly why: string;
}

/** Every revision that was made, in the order of the feed. */
export type Model = readonly ModelRevision[];

export type ModelCommand =
  | { readonly kind: "issue"; readonly customer: number; readonly terms: ModelTerms }
  | (Existing & { readonly kind: "amend"; readonly terms: Partial<ModelTerms> })
  | (Existing & {
      readonly kind: "renew";
      readonly endTime: number;
      readonly maintenanceEndTime: number | undefined;
    })
  | (Existing & { readonly kind: "suspend" })
  | (Existing & { readonly kind: "resume" })
  | (Existing & { readonly kind: "revoke" })
  | (Existing & {
      readonly kind: "transfer";
      readonly customer: number;
      readonly validateOnly: boolean;
    });

interface Existing {
  readonly license: number;
  readonly expectedRevision: number | undefined;
}

/** What a command answers, and the revisions that come of it; the last one is what it answers. */
export type ModelAnswer =
  | { readonly kind: "made"; readonly revisions: readonly [ModelRevision, ...ModelRevision[]] }
  | { readonly kind: "refused"; readonly reason: string; readonly detail: readonly string[] };

export function latest(model: Model, id: number): ModelLicense | undefined {
  return model.findLast(({ license }) => license.id === id)?.license;
}

export function count(model: Model): number {
  return new Set(model.map(({ license }) => license.id)).size;
}

const refused = (reason: string, ...detail: string[]): ModelAnswer => ({
  kind: "refused",
  reason,
  detail,
});

/** What a command at `now` comes to, by the rules as the contract words them. */
export function answer(model: Model, command: ModelCommand, why: string, now: number): ModelAnswer {
  if (command.kind === "issue") {
    const license = begun(count(model), command.customer, now, command.terms);
    return { kind: "made", revisions: [{ license, action: "ISSUE", why }] };
  }
  const current = latest(model, command.license);
  if (!current) return refused("NOT_FOUND");
  if ((command.expectedRevision ?? current.revision) !== current.revision)
    return refused("REVISION_CONFLICT", String(current.revision));
  const next = { ...current, revision: current.revision + 1, updateTime: now };
  const one = (action: ModelRevision["action"], change: Partial<ModelLicense>): ModelAnswer => ({
    kind: "made",
    revisions: [{ license: { ...next, ...change }, action, why }],
  });
  if (!FROM[command.kind].includes(current.state))
    return refused("LICENSE_STATE_CONFLICT", current.state);
  if (command.kind === "suspend") return one("SUSPEND", { state: "SUSPENDED" });
  if (command.kind === "resume") return one("RESUME", { state: "ACTIVE" });
  if (command.kind === "revoke") return one("REVOKE", { state: "REVOKED" });
  if (command.kind === "amend") return one("AMEND", command.terms);
  if (command.kind === "renew") {
    const faults = renewalFaults(current, command);
    if (faults.length > 0) return refused("INVALID_REQUEST", ...faults);
    return one("RENEW", renewed(current, command));
  }
  if (command.customer === current.customer) return refused("INVALID_REQUEST", "customer");
  const id = count(model);
  const former: ModelLicense = { ...next, state: "REVOKED", transferredTo: id };
  const { state } = current;
  const terms = begun(id, command.customer, now, current);
  const latter: ModelLicense = { ...terms, state, transferredFrom: current.id };
  const action = "TRANSFER";
  const revisions = [
    { license: former, action, why },
    { license: latter, action, why },
  ] as const;
  return { kind: "made", revisions };
}

/** In which states what may be done. */
const FROM: Readonly<Record<Exclude<ModelCommand["kind"], "issue">, readonly ModelState[]>> = {
  amend: ["ACTIVE", "SUSPENDED"],
  renew: ["ACTIVE", "SUSPENDED"],
  suspend: ["ACTIVE"],
  resume: ["SUSPENDED"],
  revoke: ["ACTIVE", "SUSPENDED"],
  transfer: ["ACTIVE", "SUSPENDED"],
};

type Ends = Pick<ModelTerms, "endTime" | "maintenanceEndTime">;

/** Maintenance goes along with the end, unless its own is told. */
function renewed(current: ModelTerms, { endTime, maintenanceEndTime }: Ends): Ends {
  const before = current.maintenanceEndTime;
  const moved = before === undefined ? undefined : before + endTime - current.endTime;
  return { endTime, maintenanceEndTime: maintenanceEndTime ?? moved };
}

function begun(id: number, customer: number, now: number, terms: ModelTerms): ModelLicense {
  const { seats, endTime, maintenanceEndTime } = terms;
  return {
    id,
    customer,
    revision: 1,
    state: "ACTIVE",
    seats,
    endTime,
    maintenanceEndTime,
    createTime: now,
    updateTime: now,
    transferredFrom: undefined,
    transferredTo: undefined,
  };
}

function renewalFaults(
  current: ModelTerms,
  { endTime, maintenanceEndTime }: Ends,
): readonly string[] {
  const faults: string[] = [];
  if (endTime <= current.endTime) faults.push("end_time");
  const before = current.maintenanceEndTime ?? current.endTime;
  if (maintenanceEndTime !== undefined && maintenanceEndTime < before)
    faults.push("maintenance_end_time");
  return faults;
}
