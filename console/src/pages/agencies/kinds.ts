import type { AgencyKind } from '~/api/types';

export const kinds: readonly AgencyKind[] = ['town', 'department', 'commune', 'unit'];
