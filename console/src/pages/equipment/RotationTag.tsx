// How it stands with a device's passwords: sign, colour and word.
import type { Equipment, RotationState } from '~/api/equipment';
import type { VerdictState } from '~/api/types';
import { useLanguage } from '~/i18n';
import { StateIcon } from '~/ui/StateTag';
import { DateOnly } from '~/ui/Time';

export const looks: Record<RotationState, VerdictState> = {
  never: 'violated',
  overdue: 'violated',
  due: 'due',
  kept: 'kept',
};

export function RotationTag({ rotation }: { rotation: Equipment['rotation'] }) {
  const { t } = useLanguage();
  const look = looks[rotation.state];
  return (
    <span className="two-lines">
      <span className={`state-tag state-${look}`}>
        <StateIcon state={look} />
        {t(`rotation_state.${rotation.state}`)}
      </span>
      {rotation.due_on ? (
        <span className="muted">
          {t('equipment.due_on')} <DateOnly at={rotation.due_on} />
        </span>
      ) : null}
    </span>
  );
}
