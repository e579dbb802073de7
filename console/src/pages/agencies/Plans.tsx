// Reorganisations that wait for their day, or could not begin on it; whoever may reorganise may take one back.
import { Modal } from 'antd';
import { useState } from 'react';
import { useAgencyPlans, useTakeBackPlan } from '~/api/agencies';
import type { AgencyPlan } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatDate, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Section } from '~/ui/Page';

export function Plans() {
  const { t, local, language } = useLanguage();
  const plans = useAgencyPlans();
  const [asked, setAsked] = useState<AgencyPlan | null>(null);
  if (plans.error) return <ErrorNote error={plans.error} onRetry={() => void plans.refetch()} />;
  if (!plans.data?.length) return null;
  const number = (count: number) => formatNumber(count, language);
  return (
    <Section title={t('plan.waiting_title')}>
      <ul className="worklist">
        {plans.data.map((plan) => (
          <li key={plan.id} className="worklist-line">
            <div>
              <span className="worklist-title">
                {plan.basis ? `${plan.basis} · ` : ''}
                {t('plan.on', { day: formatDate(plan.day) })}
              </span>
              <span className="worklist-meta">
                <span>
                  {t('plan.counts', {
                    creates: number(plan.summary.creates),
                    changes: number(plan.summary.changes),
                    closes: number(plan.summary.closes),
                  })}
                </span>
                <span>{plan.by ? t('plan.by', { name: plan.by.name }) : t('plan.by_server')}</span>
                {plan.agreed_by ? <span>{t('plan.agreed_by', { name: plan.agreed_by.name })}</span> : null}
              </span>
              {plan.state === 'failed' ? (
                <span className="worklist-why overdue">
                  {t('plan.failed')}
                  {plan.problem ? `: ${local(plan.problem)}` : ''}
                </span>
              ) : null}
            </div>
            <MayButton
              action="agency_manage"
              aria-label={t('plan.take_back_of', { day: formatDate(plan.day) })}
              onClick={() => setAsked(plan)}
            >
              {t('plan.take_back')}
            </MayButton>
          </li>
        ))}
      </ul>
      {asked ? <TakeBack plan={asked} onClose={() => setAsked(null)} /> : null}
    </Section>
  );
}

function TakeBack({ plan, onClose }: { plan: AgencyPlan; onClose: () => void }) {
  const { t } = useLanguage();
  const takeBack = useTakeBackPlan();
  return (
    <Modal
      open
      title={t('plan.take_back_of', { day: formatDate(plan.day) })}
      okText={t('plan.take_back')}
      okButtonProps={{ danger: true }}
      cancelText={t('action.cancel')}
      confirmLoading={takeBack.isPending}
      onCancel={onClose}
      onOk={() => takeBack.mutate(plan.id, { onSuccess: onClose })}
    >
      {takeBack.error ? <ErrorNote error={takeBack.error} /> : null}
      <p className="will-happen">{t('plan.take_back_will')}</p>
    </Modal>
  );
}
