// The register of information systems: whose they are, who runs them, where, of which level.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SystemFields } from './caseworkTypes';
import { client, unwrap } from './client';
import { keys } from './keys';
import { useMay } from './queries';

export function useSystems(agency?: string, enabled = true) {
  return useQuery({
    queryKey: keys.systems.of(agency),
    enabled: useMay('system_read') && enabled,
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/systems', { params: { query: agency ? { agency } : {} }, signal })),
  });
}

function useSystemsSettled() {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: keys.systems.all });
    // What a case proposes rests on the register.
    void cache.invalidateQueries({ queryKey: keys.incident.all });
  };
}

export function useKeepSystem(system: string | null) {
  const settled = useSystemsSettled();
  return useMutation({
    // Whose it is does not change.
    mutationFn: ({ agency, ...body }: SystemFields & { agency: string }) =>
      system === null
        ? unwrap(client.POST('/api/v1/systems', { body: { agency, ...body } }))
        : unwrap(client.PUT('/api/v1/systems/{system}', { params: { path: { system } }, body })),
    onSuccess: settled,
  });
}

export function useRetireSystem(system: string) {
  const settled = useSystemsSettled();
  return useMutation({
    mutationFn: () =>
      unwrap(client.POST('/api/v1/systems/{system}/retirement', { params: { path: { system } } })),
    onSuccess: settled,
  });
}
