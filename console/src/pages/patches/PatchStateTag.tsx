// How an update stands against its limit: a word and the sign of the verdict it leads to.

import type { VerdictState } from '~/api/types';
import type { PatchState } from '~/api/vulnerability';
import { useLanguage } from '~/i18n';
import { StateIcon } from '~/ui/StateTag';

// In the order of the page: what is late first.
export const patchStates: readonly PatchState[] = ['overdue', 'due', 'in_time', 'excepted', 'unknown'];

const signs: Record<PatchState, VerdictState> = {
  overdue: 'violated',
  due: 'due',
  in_time: 'kept',
  excepted: 'not_applicable',
  unknown: 'unknown',
};

export function PatchStateTag({ state }: { state: PatchState }) {
  const { t } = useLanguage();
  return (
    <span className={`state-tag state-${signs[state]}`}>
      <StateIcon state={signs[state]} />
      {t(`patches.state_${state}`)}
    </span>
  );
}
