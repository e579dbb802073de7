import { describe, expect, it } from 'vitest';
import type { NoticeSettings } from '~/api/types';
import { portOf, settingsOf, typedOf } from './notice';

const settings: NoticeSettings = {
  mail: {
    enabled: true,
    host: 'mail.bimson.gov.vn',
    port: 465,
    security: 'tls',
    username: 'luy@bimson.gov.vn',
    secret_file: 'mail',
    ca_file: null,
    sender: 'luy@bimson.gov.vn',
  },
  domains: ['bimson.gov.vn', 'thanhhoa.gov.vn'],
  webhook_hosts: [
    { host: 'soc.thanhhoa.gov.vn', networks: [] },
    { host: '10.56.4.9', networks: ['10.56.4.0/24', '10.56.8.0/24'] },
  ],
};

describe('Settings', () => {
  it('are what they were when nothing was typed', () => {
    expect(settingsOf(typedOf(settings))).toEqual(settings);
  });
  it('without a mail server have none', () => {
    const none = { mail: null, domains: [], webhook_hosts: [] };
    expect(settingsOf(typedOf(none))).toEqual(none);
  });
  it('take lists however they are separated, and empty fields as none', () => {
    const typed = typedOf(settings);
    const made = settingsOf({
      mail: { ...typed.mail, username: ' ', secret_file: '' },
      domains: ' bimson.gov.vn, thanhhoa.gov.vn;\n',
      hosts: '\n  soc.thanhhoa.gov.vn\n10.56.4.9   10.56.4.0/24,10.56.8.0/24\n',
    });
    expect(made).toEqual({
      ...settings,
      mail: { ...settings.mail, username: null, secret_file: null },
    });
  });
  it('know the usual port of each way to speak', () => {
    expect([portOf('tls'), portOf('starttls'), portOf('none')]).toEqual([465, 587, 25]);
  });
});
