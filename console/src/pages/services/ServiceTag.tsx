// A service's state: colour, sign and word.
import type { ServiceState, VerdictState } from '~/api/types';
import { useLanguage } from '~/i18n';
import { StateIcon } from '~/ui/StateTag';

const looks: Record<ServiceState, VerdictState> = {
  up: 'kept',
  slow: 'due',
  changed: 'violated',
  down: 'violated',
  unknown: 'unknown',
};

export const serviceStates: readonly ServiceState[] = ['down', 'changed', 'slow', 'up', 'unknown'];

export function ServiceTag({ state, enabled = true }: { state: ServiceState; enabled?: boolean }) {
  const { t } = useLanguage();
  const look = enabled ? looks[state] : 'not_applicable';
  return (
    <span className={`state-tag state-${look}`} data-state={state}>
      <StateIcon state={look} />
      {t(enabled ? `service_state.${state}` : 'services.paused')}
    </span>
  );
}
