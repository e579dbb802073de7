// What GET /me says of oneself: what waits, the machines in one's charge, one's training. Shared by the homes.
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { type Me, type Task, useMe } from '~/api/commitments';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { Age, DateOnly, Time } from '~/ui/Time';
import { inside } from '../commitments/commitment';
import { byDue, isDay, isLate, isSigning } from './tasks';

function Own({ title, children }: { title: string; children: (me: Me) => ReactNode }) {
  const me = useMe();
  return (
    <Section title={title}>
      <Loaded query={me} rows={2}>
        {children}
      </Loaded>
    </Section>
  );
}

function TaskList({ tasks, none }: { tasks: Task[]; none: string }) {
  const { local } = useLanguage();
  const now = new Date();
  if (tasks.length === 0) return <EmptyState why={none} />;
  return (
    <ul className="worklist">
      {byDue(tasks).map((task) => (
        <li key={`${task.kind} ${task.link} ${task.title.vi}`}>
          <Link to={`/${inside(task.link)}`} className="worklist-title">
            {local(task.title)}
          </Link>
          {task.due ? (
            <span className={isLate(task.due, now) ? 'worklist-meta overdue' : 'worklist-meta'}>
              {isDay(task.due) ? <DateOnly at={task.due} /> : <Time at={task.due} />}
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

export function OwnTasks() {
  const { t } = useLanguage();
  return <Own title={t('me.tasks')}>{(me) => <TaskList tasks={me.tasks} none={t('me.tasks_none')} />}</Own>;
}

// Papers, acts of two, warnings: what a leader's word is awaited for.
export function OwnSigning() {
  const { t } = useLanguage();
  return (
    <Own title={t('me.signing')}>
      {(me) => <TaskList tasks={me.tasks.filter(isSigning)} none={t('me.signing_none')} />}
    </Own>
  );
}

export function OwnDevices() {
  const { t, language } = useLanguage();
  return (
    <Own title={t('home.devices')}>
      {(me) =>
        me.devices.length === 0 ? (
          <EmptyState why={t('me.devices_none')} />
        ) : (
          <ul className="worklist">
            {me.devices.map((each) => (
              <li key={each.id}>
                <span className="worklist-title">{each.name}</span>
                <span className="worklist-meta">
                  {each.place ? <span>{each.place}</span> : null}
                  <span>
                    {t('devices.last_seen')}: <Age at={each.last_seen} />
                  </span>
                  <span className={each.violated > 0 ? 'overdue' : undefined}>
                    {each.violated > 0
                      ? t('me.violated', {
                          count: each.violated,
                          number: formatNumber(each.violated, language),
                        })
                      : t('me.clear')}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Own>
  );
}

export function OwnTraining() {
  const { t, language } = useLanguage();
  return (
    <Own title={t('home.training')}>
      {(me) =>
        me.trainings.length === 0 ? (
          <EmptyState why={t('me.training_none')} />
        ) : (
          <ul className="worklist">
            {me.trainings.map((each) => (
              <li key={each.id}>
                <span className="worklist-title">{each.topic}</span>
                <span className="worklist-meta">
                  <DateOnly at={each.day} />
                  <span>
                    {t('training.hours')}: {formatNumber(each.hours, language)}
                  </span>
                  <span>{each.by}</span>
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Own>
  );
}
