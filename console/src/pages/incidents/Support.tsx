// Support that was asked of others for this case: of whom, what, and what came of it.
import { useState } from 'react';
import type { IncidentPart } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { type PartAsked, PartDialog } from './PartDialog';
import { type CaseProps, textOf } from './Parts';

export function Support({ process, incident }: CaseProps) {
  const { t } = useLanguage();
  const [asked, setAsked] = useState<PartAsked | null>(null);
  const list = incident.parts.filter((part) => part.kind === 'support');
  return (
    <Section
      title={t('support.title')}
      extra={
        <MayButton
          action="incident_handle"
          size="small"
          whyNot={incident.over ? t('incident.is_over') : null}
          onClick={() => setAsked({ kind: 'support', initial: { asked_at: new Date().toISOString() } })}
        >
          {t('part_add.support')}
        </MayButton>
      }
    >
      {list.length === 0 ? (
        <EmptyState why={t('support.none')} />
      ) : (
        <ul className="worklist">
          {list.map((part) => (
            <One key={part.id} part={part} over={incident.over} onAsk={setAsked} />
          ))}
        </ul>
      )}
      {asked ? (
        <PartDialog process={process} incident={incident} asked={asked} onClose={() => setAsked(null)} />
      ) : null}
    </Section>
  );
}

function One({
  part,
  over,
  onAsk,
}: {
  part: IncidentPart;
  over: boolean;
  onAsk: (asked: PartAsked) => void;
}) {
  const { t } = useLanguage();
  const givenAt = textOf(part, 'given_at');
  return (
    <li data-support={part.id}>
      <div className="worklist-line">
        <div>
          <span className="worklist-title">
            <StateIcon
              state={givenAt ? 'kept' : 'due'}
              label={t(givenAt ? 'support.given' : 'support.open')}
            />{' '}
            {textOf(part, 'asked_of')}
          </span>
          <span className="worklist-meta">
            <span>
              {t('support.asked')} <Time at={textOf(part, 'asked_at')} />
            </span>
            <span>{part.by}</span>
            {givenAt ? (
              <span>
                {t('support.given')} <Time at={givenAt} /> {textOf(part, 'given_by')}
              </span>
            ) : null}
          </span>
        </div>
        {givenAt || over ? null : (
          <MayButton
            action="incident_handle"
            size="small"
            onClick={() =>
              onAsk({
                kind: 'support',
                part,
                fields: ['given_by', 'given_at', 'outcome'],
                initial: { given_at: new Date().toISOString() },
              })
            }
          >
            {t('part_change.support')}
          </MayButton>
        )}
      </div>
      <span className="worklist-why pre-line">{textOf(part, 'what')}</span>
      {textOf(part, 'outcome') ? (
        <span className="worklist-why pre-line">{textOf(part, 'outcome')}</span>
      ) : null}
    </li>
  );
}
