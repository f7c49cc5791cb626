import { randomBytes } from 'node:crypto';
import { dump } from 'js-yaml';

/** Who talks to the test API server, as a user name and its groups. */
export const USERS = {
  admin: { user: 'lowtide-admin', group: 'system:masters' },
  scheduler: { user: 'system:kube-scheduler', group: '' },
  'controller-manager': { user: 'system:kube-controller-manager', group: '' },
  kwok: { user: 'kwok-controller', group: 'system:masters' },
} as const;

/** One of the users above. */
export type UserKey = keyof typeof USERS;

/** All users, for loops. */
export const USER_KEYS: readonly UserKey[] = ['admin', 'scheduler', 'controller-manager', 'kwok'];

/** A bearer token a user. */
export type Tokens = Readonly<Record<UserKey, string>>;

/** Fresh tokens. */
export function makeTokens(): Tokens {
  const token = (): string => randomBytes(24).toString('hex');
  return { admin: token(), scheduler: token(), 'controller-manager': token(), kwok: token() };
}

/** The file that `--token-auth-file` reads: token, user, uid, groups. */
export function tokenFile(tokens: Tokens): string {
  const line = (key: UserKey): string => `${tokens[key]},${USERS[key].user},${key},"${USERS[key].group}"\n`;
  return USER_KEYS.map(line).join('');
}

/** What a kubeconfig says. */
export interface Access {
  readonly server: string;
  readonly ca: string;
  readonly token: string;
}

/** A kubeconfig with one context. */
export function kubeconfigText({ server, ca, token }: Access): string {
  const name = 'lowtide-test';
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  });
}
