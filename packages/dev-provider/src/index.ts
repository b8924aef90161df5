export {
  type IdentityProvider,
  type IdentityProviderOptions,
  startIdentityProvider,
} from "./identity-provider.ts";
export type { PersonFacts } from "./people.ts";
export { approveDevice, signIn, type Tokens } from "./sign-in.ts";
