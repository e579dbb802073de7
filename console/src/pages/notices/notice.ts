// Settings of notices as people type them, and as the contract takes them. Pure.
import type { MailServer, NoticeKind, NoticeSettings, NoticeState, VerdictState } from '~/api/types';
import { written, writtenOrNull } from '~/ui/text';

export const noticeKinds = [
  'finding',
  'search',
  'verdict',
  'incident',
  'warning',
  'act',
  'account',
  'break_glass',
] as const satisfies readonly NoticeKind[];
export const hows = ['at_once', 'digest', 'none'] as const;
export const noticeStates = ['waiting', 'sent', 'failed'] as const;

export const lookOf: Record<NoticeState, VerdictState> = { waiting: 'due', sent: 'kept', failed: 'violated' };

export const securities = ['tls', 'starttls', 'none'] as const;
const usualPort: Record<MailServer['security'], number> = { tls: 465, starttls: 587, none: 25 };
export const portOf = (security: MailServer['security']): number => usualPort[security];

// One host on a line, the networks that its addresses must lie in behind it.
export interface TypedSettings {
  mail: Omit<MailServer, 'username' | 'secret_file' | 'ca_file'> & {
    username?: string | null;
    secret_file?: string | null;
    ca_file?: string | null;
  };
  domains: string;
  hosts: string;
}

const words = (text: string) => text.split(/[\s,;]+/).filter((word) => word !== '');
const lines = (text: string) =>
  text
    .split('\n')
    .map(words)
    .filter((line) => line.length > 0);

export function typedOf({ mail, domains, webhook_hosts }: NoticeSettings): TypedSettings {
  return {
    mail: mail ?? { enabled: false, host: '', port: usualPort.starttls, security: 'starttls', sender: '' },
    domains: domains.join('\n'),
    hosts: webhook_hosts.map(({ host, networks }) => [host, ...networks].join(' ')).join('\n'),
  };
}

export function settingsOf({ mail, domains, hosts }: TypedSettings): NoticeSettings {
  const host = written(mail.host);
  return {
    mail:
      host === ''
        ? null
        : {
            enabled: mail.enabled,
            host,
            port: mail.port,
            security: mail.security,
            username: writtenOrNull(mail.username),
            secret_file: writtenOrNull(mail.secret_file),
            ca_file: writtenOrNull(mail.ca_file),
            sender: written(mail.sender),
          },
    domains: words(domains),
    webhook_hosts: lines(hosts).map(([name = '', ...networks]) => ({ host: name, networks })),
  };
}
