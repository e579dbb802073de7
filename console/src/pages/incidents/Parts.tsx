// The work of a case: tasks of the playbook, guidance and joint actions, evidence with everybody who held it, legal holds.
import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { IncidentDetail, IncidentPart, IncidentProcess } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { type Kind, type PartAsked, PartDialog } from './PartDialog';
import { ReleaseHold } from './ReleaseHold';
import { TimeLeft } from './TimeLeft';
import { useRoleNames } from './useRoleNames';

export interface CaseProps {
  process: IncidentProcess;
  incident: IncidentDetail;
}
export const textOf = (part: IncidentPart, key: string): string =>
  typeof part.body[key] === 'string' ? (part.body[key] as string) : '';
const ofKind = (incident: IncidentDetail, kind: string) =>
  incident.parts.filter((part) => part.kind === kind);

function usePartDialog({ process, incident }: CaseProps) {
  const [asked, setAsked] = useState<PartAsked | null>(null);
  const dialog = asked ? (
    <PartDialog process={process} incident={incident} asked={asked} onClose={() => setAsked(null)} />
  ) : null;
  return [setAsked, dialog] as const;
}

function AddButton({
  kind,
  incident,
  onAsk,
}: {
  kind: Kind;
  incident: IncidentDetail;
  onAsk: (asked: PartAsked) => void;
}) {
  const { t } = useLanguage();
  return (
    <MayButton
      action="incident_handle"
      size="small"
      whyNot={incident.over ? t('incident.is_over') : null}
      onClick={() => onAsk({ kind, initial: startOf(kind) })}
    >
      {t(`part_add.${kind}`)}
    </MayButton>
  );
}

// What is most often right.
function startOf(kind: Kind): Record<string, unknown> {
  const now = new Date().toISOString();
  if (kind === 'evidence') return { taken_at: now };
  if (kind === 'guidance') return { given_at: now };
  if (kind === 'hold') return { from: now };
  return {};
}

export function Tasks(props: CaseProps) {
  const { t, local } = useLanguage();
  const [ask, dialog] = usePartDialog(props);
  const { incident, process } = props;
  const all = ofKind(incident, 'task').filter((part) => part.round === incident.round);
  const done = (part: IncidentPart) => Boolean(textOf(part, 'done_at'));
  const states = [...new Set(all.map((part) => textOf(part, 'state')))];
  return (
    <Section title={t('incident.tasks')} extra={<AddButton kind="task" incident={incident} onAsk={ask} />}>
      <p className="muted">{t('incident.tasks_help')}</p>
      {all.length === 0 ? <EmptyState why={t('incident.no_tasks')} /> : null}
      {states.map((id) => {
        const state = process.states.find((each) => each.id === id);
        return (
          <div key={id} className="task-group">
            {state ? <h3>{local(state.title)}</h3> : null}
            <ul className="worklist">
              {all
                .filter((part) => textOf(part, 'state') === id)
                .map((part) => (
                  <Task key={part.id} part={part} done={done(part)} onAsk={ask} over={incident.over} />
                ))}
            </ul>
          </div>
        );
      })}
      {dialog}
    </Section>
  );
}

function Task({
  part,
  done,
  over,
  onAsk,
}: {
  part: IncidentPart;
  done: boolean;
  over: boolean;
  onAsk: (asked: PartAsked) => void;
}) {
  const { t, language } = useLanguage();
  const roles = useRoleNames();
  const spoken = (key: string) => (language === 'en' && textOf(part, `${key}_en`)) || textOf(part, key);
  const due = textOf(part, 'due');
  return (
    <li className="task">
      <div className="worklist-line">
        <div>
          <span className="worklist-title">
            <StateIcon
              state={done ? 'kept' : 'unknown'}
              label={t(done ? 'incident.done' : 'incident.not_done')}
            />{' '}
            {spoken('title')}
          </span>
          <span className="worklist-meta">
            {textOf(part, 'role') ? <span>{roles([textOf(part, 'role')])}</span> : null}
            {textOf(part, 'owner') ? <span>{textOf(part, 'owner')}</span> : null}
            {done ? (
              <span>
                {t('incident.done')} <Time at={textOf(part, 'done_at')} />
              </span>
            ) : due ? (
              <TimeLeft at={due} />
            ) : null}
          </span>
        </div>
        {done || over ? null : (
          <MayButton
            action="incident_handle"
            size="small"
            onClick={() =>
              onAsk({
                kind: 'task',
                part,
                fields: ['owner', 'done_at', 'outcome'],
                initial: { done_at: new Date().toISOString() },
              })
            }
          >
            {t('incident.mark_done')}
          </MayButton>
        )}
      </div>
      {spoken('detail') && !done ? <span className="worklist-why">{spoken('detail')}</span> : null}
      {textOf(part, 'outcome') ? <span className="worklist-why">{textOf(part, 'outcome')}</span> : null}
    </li>
  );
}

export function Joint(props: CaseProps) {
  const { t } = useLanguage();
  const [ask, dialog] = usePartDialog(props);
  const { incident } = props;
  const guidance = ofKind(incident, 'guidance');
  const actions = ofKind(incident, 'action');
  return (
    <>
      <Section
        title={t('incident.guidance')}
        extra={<AddButton kind="guidance" incident={incident} onAsk={ask} />}
      >
        {guidance.length === 0 ? (
          <EmptyState why={t('incident.no_guidance')} />
        ) : (
          <ul className="worklist">
            {guidance.map((part) => (
              <li key={part.id}>
                <span className="worklist-title">{textOf(part, 'given_by')}</span>
                <span className="worklist-meta">
                  <Time at={textOf(part, 'given_at')} />
                  {textOf(part, 'document') ? <span>{textOf(part, 'document')}</span> : null}
                  <span>{part.by}</span>
                </span>
                <span className="worklist-why pre-line">{textOf(part, 'text')}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section
        title={t('incident.actions')}
        extra={<AddButton kind="action" incident={incident} onAsk={ask} />}
      >
        {actions.length === 0 ? (
          <EmptyState why={t('incident.no_actions')} />
        ) : (
          <ul className="worklist">
            {actions.map((part) => (
              <JointAction key={part.id} part={part} over={incident.over} onAsk={ask} />
            ))}
          </ul>
        )}
      </Section>
      {dialog}
    </>
  );
}

function JointAction({
  part,
  over,
  onAsk,
}: {
  part: IncidentPart;
  over: boolean;
  onAsk: (asked: PartAsked) => void;
}) {
  const { t } = useLanguage();
  const doneAt = textOf(part, 'done_at');
  return (
    <li>
      <div className="worklist-line">
        <div>
          <span className="worklist-title pre-line">
            <StateIcon
              state={doneAt ? 'kept' : 'unknown'}
              label={t(doneAt ? 'incident.done' : 'incident.not_done')}
            />{' '}
            {textOf(part, 'title')}
          </span>
          <span className="worklist-meta">
            <span>{textOf(part, 'owner') || t('incident.nobody')}</span>
            {doneAt ? (
              <span>
                {t('incident.done')} <Time at={doneAt} />
              </span>
            ) : textOf(part, 'due') ? (
              <TimeLeft at={textOf(part, 'due')} />
            ) : null}
          </span>
        </div>
        {doneAt || over ? null : (
          <MayButton
            action="incident_handle"
            size="small"
            onClick={() =>
              onAsk({
                kind: 'action',
                part,
                fields: ['owner', 'done_at', 'outcome'],
                initial: { done_at: new Date().toISOString() },
              })
            }
          >
            {t('incident.mark_done')}
          </MayButton>
        )}
      </div>
      {textOf(part, 'outcome') ? <span className="worklist-why">{textOf(part, 'outcome')}</span> : null}
    </li>
  );
}

export function EvidenceItems(props: CaseProps) {
  const { t } = useLanguage();
  const [ask, dialog] = usePartDialog(props);
  const { incident } = props;
  const items = ofKind(incident, 'evidence');
  return (
    <Section
      title={t('incident.evidence')}
      extra={<AddButton kind="evidence" incident={incident} onAsk={ask} />}
    >
      {items.length === 0 ? (
        <EmptyState why={t('incident.no_evidence')} />
      ) : (
        <ul className="worklist">
          {items.map((part) => (
            <li key={part.id}>
              <div className="worklist-line">
                <div>
                  <span className="worklist-title">{textOf(part, 'name')}</span>
                  <span className="worklist-meta">
                    <span>{t('incident.holder', { name: part.holder ?? '–' })}</span>
                    {textOf(part, 'seal') ? (
                      <span>{t('incident.seal', { number: textOf(part, 'seal') })}</span>
                    ) : null}
                    {textOf(part, 'place') ? <span>{textOf(part, 'place')}</span> : null}
                  </span>
                </div>
                <MayButton
                  action="incident_handle"
                  size="small"
                  onClick={() =>
                    ask({
                      kind: 'custody',
                      initial: {
                        evidence: part.id,
                        from: part.holder ?? '',
                        handed_at: new Date().toISOString(),
                        seal_intact: true,
                      },
                    })
                  }
                >
                  {t('part_add.custody')}
                </MayButton>
              </div>
              {textOf(part, 'description') ? (
                <span className="worklist-why pre-line">{textOf(part, 'description')}</span>
              ) : null}
              <code className="evidence-hash">{textOf(part, 'sha256')}</code>
              <Custody incident={incident} part={part} />
            </li>
          ))}
        </ul>
      )}
      {dialog}
    </Section>
  );
}

// Everybody who held it, from who took it on.
function Custody({ incident, part }: { incident: IncidentDetail; part: IncidentPart }) {
  const { t } = useLanguage();
  const steps = ofKind(incident, 'custody')
    .filter((each) => textOf(each, 'evidence') === part.id)
    .sort((a, b) => textOf(a, 'handed_at').localeCompare(textOf(b, 'handed_at')));
  return (
    <ol className="custody" aria-label={t('incident.custody')}>
      <li>
        <Time at={textOf(part, 'taken_at')} /> {t('incident.taken_by', { name: textOf(part, 'taken_by') })}
      </li>
      {steps.map((each) => (
        <li key={each.id}>
          <Time at={textOf(each, 'handed_at')} /> {textOf(each, 'from')} → {textOf(each, 'to')}:{' '}
          {textOf(each, 'purpose')}
          {textOf(each, 'seal') ? ` (${t('incident.seal', { number: textOf(each, 'seal') })})` : ''}
          {each.body.seal_intact === false ? (
            <strong className="overdue"> {t('incident.seal_broken')}</strong>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

export function Holds(props: CaseProps) {
  const { t } = useLanguage();
  const [ask, dialog] = usePartDialog(props);
  const { incident } = props;
  const holds = ofKind(incident, 'hold');
  return (
    <Section
      title={t('incident.holds')}
      extra={
        <span className="hold-extra">
          <Link to="/holds">{t('holds.all')}</Link>
          <AddButton kind="hold" incident={incident} onAsk={ask} />
        </span>
      }
    >
      {holds.length === 0 ? (
        <EmptyState why={t('incident.no_holds')} />
      ) : (
        <ul className="worklist">
          {holds.map((part) => {
            const devices = Array.isArray(part.body.devices) ? part.body.devices.length : 0;
            const released = textOf(part, 'released_at');
            return (
              <li key={part.id}>
                <div className="worklist-line">
                  <div>
                    <span className="worklist-title pre-line">{textOf(part, 'reason')}</span>
                    <span className="worklist-meta">
                      <span>
                        <Time at={textOf(part, 'from')} /> –{' '}
                        {textOf(part, 'to') ? <Time at={textOf(part, 'to')} /> : t('incident.no_end')}
                      </span>
                      <span>
                        {devices > 0 ? t('incident.devices', { count: devices }) : t('incident.whole_agency')}
                      </span>
                      {textOf(part, 'order') ? <span>{textOf(part, 'order')}</span> : null}
                    </span>
                  </div>
                  {released ? null : <ReleaseHold incident={incident.id} part={part.id} />}
                </div>
                {released ? (
                  <span className="worklist-why">
                    {t('incident.released')} <Time at={released} />: {textOf(part, 'release_reason')}
                  </span>
                ) : null}
              </li>
            );
          })}
        </ul>
      )}
      {dialog}
    </Section>
  );
}
