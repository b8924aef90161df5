import { issuer } from "@leasehold/contracts";
import { implement, type ServiceBinding } from "@leasehold/service-kit";
import { getMyAccount, linkMyIdentity } from "../use-cases/my-account.ts";
import { register } from "../use-cases/register.ts";
import type { RegistrationPorts } from "../use-cases/registration-ports.ts";
import { callerOf } from "./caller-of.ts";
import { mutating } from "./mutating.ts";
import { readLinkMyIdentity, readRegister } from "./parse-registration.ts";
import { presentAccount } from "./present-account.ts";
import {
  presentMyAccount,
  presentRegistered,
  presentSignInOption,
} from "./present-registration.ts";

const { methods } = issuer.RegistrationServiceDefinition;

/** What people do about themselves: from the wire to the use-cases and back. */
export function registrationService(ports: RegistrationPorts): ServiceBinding {
  return implement(issuer.RegistrationServiceDefinition, {
    listIdentityProviders: () =>
      Promise.resolve({ identityProviders: ports.signInOptions.map(presentSignInOption) }),
    register: mutating(methods.register, readRegister, async (mutation, command) =>
      presentRegistered(await register(ports, mutation, command)),
    ),
    getMyAccount: async (_, call) =>
      presentMyAccount(await getMyAccount(ports, callerOf(call.principal))),
    linkMyIdentity: mutating(
      methods.linkMyIdentity,
      readLinkMyIdentity,
      async (mutation, accessToken) => ({
        account: presentAccount(await linkMyIdentity(ports, mutation, accessToken)),
      }),
    ),
  });
}
