import type { Log } from "#shared/log.ts";
import { watchFiles } from "#shared/watched-files.ts";
import { type Authenticate, authenticator } from "./authenticate.ts";
import { tokenReader } from "./jwt.ts";
import { byHash, parseKeys } from "./keys.ts";
import type { AccessConfig } from "./settings.ts";
import { anyTenant, parseTenants, type Tenants } from "./tenants.ts";

/** Opens authentication as configured. Its files are read again when they change; broken ones throw at the start. */
export function openAccess(
  { apiKeys, keysFile, tenantsFile, jwt, limits }: AccessConfig,
  { now, log }: { now(): number; log: Log },
): Disposable & { authenticate: Authenticate; tenants(): Tenants } {
  const watched = new DisposableStack();
  const keys = keysFile
    ? watched.use(watchFiles({ files: { API_KEYS_FILE: keysFile }, parse: (text) => byHash(parseKeys(text)), log }))
    : undefined;
  const tenants = tenantsFile
    ? watched.use(watchFiles({ files: { TENANTS_FILE: tenantsFile }, parse: parseTenants, log }))
    : undefined;
  const present = () => tenants?.current ?? anyTenant;
  return {
    tenants: present,
    authenticate: authenticator({
      apiKeys,
      entries: keys && (() => keys.current),
      readToken: jwt && tokenReader(jwt),
      tenants: present,
      limits,
      now,
      log,
    }),
    [Symbol.dispose]: () => watched.dispose(),
  };
}
