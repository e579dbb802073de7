import type { DeviceClass } from '~/api/types';

export const deviceClasses: readonly DeviceClass[] = [
  'server',
  'workstation',
  'mobile',
  'network',
  'storage',
  'other',
];
