// Whose records a sender's are: a device that is there, or a new one that no agent runs on. Pure.
import type { SenderPlace } from '~/api/senders';
import type { DeviceClass } from '~/api/types';

export interface PlaceValues {
  whose: 'new' | 'known';
  device?: string;
  agency?: string;
  name?: string;
  class?: DeviceClass;
}

export function placeOf(values: PlaceValues): SenderPlace {
  if (values.whose === 'known') return values.device ? { device: values.device } : {};
  return {
    ...(values.agency ? { agency: values.agency } : {}),
    name: (values.name ?? '').normalize('NFC').trim(),
    class: values.class ?? 'network',
  };
}

// A key of a certificate is long: enough of it to compare by eye with what a device shows.
export const shortKey = (key: string): string => (key.length > 40 ? `${key.slice(0, 32)}…` : key);
