import type { Role } from '~/api/types';

// In the order of docs/security/policy.md.
export const roles: readonly Role[] = [
  'system_admin',
  'security_officer',
  'agency_head',
  'staff',
  'town_office',
  'culture_info',
  'police',
  'provincial_authority',
  'provider',
  'auditor',
];
