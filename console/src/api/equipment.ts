// The register of network and storage devices: reading, entering, changes of passwords, sheets.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { EquipmentChange, NewEquipment, NewRotation } from './generated';
import { keys } from './keys';
import type { Sheet, SheetFormat } from './types';

export type {
  Equipment,
  EquipmentChange,
  EquipmentDetail,
  EquipmentKind,
  ImportedSheet,
  NewEquipment,
  NewRotation,
  Rotation,
  RotationState,
} from './generated';

export const equipmentKinds = [
  'router',
  'switch',
  'access_point',
  'firewall',
  'modem',
  'controller',
  'other_network',
  'nas',
  'san',
  'tape',
  'other_storage',
] as const;
export const rotationStates = ['overdue', 'never', 'due', 'kept'] as const;

export interface EquipmentFilter {
  agency?: string | undefined;
  retired?: 'true' | undefined;
}

export function useEquipment(filter: EquipmentFilter) {
  return useQuery({
    queryKey: keys.equipment.of(filter),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/equipment', { params: { query: filter }, signal })),
  });
}

export function useEquipmentOne(id: string) {
  return useQuery({
    queryKey: keys.equipment.of({ id }),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/equipment/{equipment}', { params: { path: { equipment: id } }, signal })),
  });
}

function useSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [keys.equipment.all, keys.devices.all]) void cache.invalidateQueries({ queryKey });
  };
}

export function useAddEquipment() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewEquipment) => unwrap(client.POST('/api/v1/equipment', { body })),
    onSuccess: settled,
  });
}

export function useChangeEquipment(equipment: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: EquipmentChange) =>
      unwrap(client.PUT('/api/v1/equipment/{equipment}', { params: { path: { equipment } }, body })),
    onSuccess: settled,
  });
}

export function useRetireEquipment(equipment: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/equipment/{equipment}/retirement', {
          params: { path: { equipment } },
          body: { reason },
        }),
      ),
    onSuccess: settled,
  });
}

export function useRecordRotation(equipment: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewRotation) =>
      unwrap(
        client.POST('/api/v1/equipment/{equipment}/rotations', { params: { path: { equipment } }, body }),
      ),
    onSuccess: settled,
  });
}

export function useImportEquipment() {
  const settled = useSettled();
  return useMutation({
    mutationFn: ({ body, preview }: { body: Sheet; preview: boolean }) =>
      unwrap(
        client.POST('/api/v1/equipment/sheet', {
          params: { query: { preview: preview ? 'true' : 'false' } },
          body,
        }),
      ),
    onSuccess: (_, { preview }) => {
      if (!preview) settled();
    },
  });
}

export function useExportEquipment(agency: string | undefined) {
  return useMutation({
    mutationFn: (format: SheetFormat) =>
      unwrap(client.GET('/api/v1/equipment/sheet', { params: { query: { format, agency } } })),
  });
}
