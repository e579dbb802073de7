// What a trial did, step by step: each either went well or says what to mend.
import type { LocalText } from '~/api/types';
import { useLanguage } from '~/i18n';
import { StateIcon } from './StateTag';

export interface TrialStep {
  name: string;
  ok: boolean;
  text: LocalText;
}

export function TrialSteps({ ok, steps }: { ok: boolean; steps: TrialStep[] }) {
  const { t, local } = useLanguage();
  return (
    <div role="status">
      <p className={ok ? undefined : 'overdue wrap'}>{t(ok ? 'trial.went_well' : 'trial.went_wrong')}</p>
      <ol className="worklist trial-steps">
        {steps.map((step) => (
          <li key={step.name}>
            <span className="worklist-title">
              <StateIcon
                state={step.ok ? 'kept' : 'violated'}
                label={t(step.ok ? 'trial.step_ok' : 'trial.step_failed')}
              />{' '}
              {t(`trial_step.${step.name}` as 'trial_step.connect', { defaultValue: step.name })}
            </span>
            <span className="worklist-why wrap">{local(step.text)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
