/** What a person of the vendor's may be in the deployment. */
export const DEPLOYMENT_ROLES = [
  "OWNER",
  "LICENSING_ADMIN",
  "SUPPORT",
  "AUDITOR",
  "KEY_CUSTODIAN",
] as const;

export type DeploymentRole = (typeof DEPLOYMENT_ROLES)[number];

const NONE: readonly DeploymentRole[] = [];
const SELLS: readonly DeploymentRole[] = ["LICENSING_ADMIN"];
const AUDITS: readonly DeploymentRole[] = ["AUDITOR"];
const HELPS: readonly DeploymentRole[] = ["LICENSING_ADMIN", "SUPPORT"];
const LOOKS: readonly DeploymentRole[] = ["LICENSING_ADMIN", "SUPPORT", "AUDITOR"];

/**
 * Which roles grant each permission that a rule asks of administrators. OWNER grants every one,
 * and those that no other role does. A test holds this against the rules, and docs/roles.md
 * against this.
 */
const GRANTED_BY = {
  "accounts.join": SELLS,
  "accounts.read": ["LICENSING_ADMIN", "AUDITOR"],
  "accounts.write": SELLS,
  "administrators.read": AUDITS,
  "administrators.write": NONE,
  "audit.read": AUDITS,
  "customers.read": LOOKS,
  "customers.write": SELLS,
  "installations.disable": HELPS,
  "installations.read": LOOKS,
  "installations.write": SELLS,
  "licenses.read": LOOKS,
  "licenses.write": SELLS,
  "named_users.read": LOOKS,
  "named_users.write": SELLS,
  "pools.drain": SELLS,
  "product_keys.read": ["LICENSING_ADMIN", "AUDITOR"],
  "product_keys.reveal": SELLS,
  "product_keys.write": SELLS,
  "products.read": LOOKS,
  "products.write": SELLS,
  "resources.read": LOOKS,
  "resources.write": SELLS,
  "revocations.write": ["LICENSING_ADMIN", "KEY_CUSTODIAN"],
  "seats.read": LOOKS,
  "seats.revoke": HELPS,
  "signing_keys.read": ["AUDITOR", "KEY_CUSTODIAN"],
  "signing_keys.write": ["KEY_CUSTODIAN"],
  "sites.read": LOOKS,
  "sites.write": SELLS,
  "usage.read": LOOKS,
} as const satisfies Record<string, readonly DeploymentRole[]>;

/** Every permission that a role may grant, in the order of the alphabet. */
export const ADMINISTRATORS_PERMISSIONS: readonly string[] = Object.keys(GRANTED_BY);

/** In a set of permissions: every one. */
export const EVERY_PERMISSION = "*";

const OF_ROLE = Object.fromEntries(
  DEPLOYMENT_ROLES.map((role) => [role, permissionsOf(role)]),
) as Readonly<Record<DeploymentRole, ReadonlySet<string>>>;

/** What roles permit together; nothing if there is none. */
export function rolePermissions(roles: Iterable<DeploymentRole>): ReadonlySet<string> {
  return new Set([...roles].flatMap((role) => [...OF_ROLE[role]]));
}

/**
 * Whether somebody may give a role, or take it away: nobody may who does not hold all that it
 * permits.
 */
export function mayDispose(held: ReadonlySet<string>, role: DeploymentRole): boolean {
  if (held.has(EVERY_PERMISSION)) return true;
  return (
    role !== "OWNER" &&
    Object.entries<readonly DeploymentRole[]>(GRANTED_BY).every(
      ([permission, roles]) => !roles.includes(role) || held.has(permission),
    )
  );
}

function permissionsOf(role: DeploymentRole): ReadonlySet<string> {
  if (role === "OWNER") return new Set([EVERY_PERMISSION]);
  const granted = Object.entries<readonly DeploymentRole[]>(GRANTED_BY);
  return new Set(
    granted.flatMap(([permission, roles]) => (roles.includes(role) ? permission : [])),
  );
}
