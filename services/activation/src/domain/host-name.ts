/**
 * Whether a host is in a DNS domain, or is what it is called by, without regard to letter case.
 * @param domain in lower case
 */
export function hostIsIn(domain: string, host: string): boolean {
  const name = host.trim().toLowerCase().replace(/\.$/, "");
  return name === domain || name.endsWith(`.${domain}`);
}
