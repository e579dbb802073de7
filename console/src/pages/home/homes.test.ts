import { expect, it } from 'vitest';
import type { Role } from '~/api/types';
import { homesOf } from './homes';

const session = (roles: Role[], actions: string[] = ['overview_read']) => ({
  grants: roles.map((role) => ({ role, agency: '01', agency_name: 'A' })),
  actions,
});

it.each<[Role[], string[], string[]]>([
  [['agency_head'], ['overview_read'], ['leader']],
  [['police'], ['overview_read'], ['leader']],
  [['security_officer'], ['overview_read'], ['officer', 'leader']],
  [['system_admin', 'security_officer'], ['overview_read'], ['officer', 'leader']],
  [['agency_head', 'security_officer'], ['overview_read'], ['leader', 'officer']],
  [['staff'], [], ['staff']],
  [['provider'], [], ['provider']],
  [['provider', 'staff'], [], ['provider', 'staff']],
  [[], [], ['staff']],
  [['staff', 'security_officer'], ['overview_read'], ['officer', 'leader', 'staff']],
  [['agency_head'], [], ['staff']],
])('Who holds %j with %j has the homes %j', (roles, actions, homes) => {
  expect(homesOf(session(roles, actions))).toEqual(homes);
});

it('Nobody has no home of their own but the plainest', () => {
  expect(homesOf(null)).toEqual(['staff']);
});
