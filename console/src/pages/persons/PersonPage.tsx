// One person: where and since when, how to reach them, their accounts and roles, their machines, and what they did.
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { usePerson } from '~/api/persons';
import type { Person } from '~/api/personTypes';
import { useDevices, useMay } from '~/api/queries';
import type { Device } from '~/api/types';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { Age, DateOnly } from '~/ui/Time';
import { MergePersons } from './MergePersons';
import { PersonAccounts } from './PersonAccounts';
import { PersonForm } from './PersonForm';
import { PersonStateText } from './PersonsPage';
import './persons.css';

export default function PersonPage() {
  const { t } = useLanguage();
  const { person: id = '' } = useParams();
  const navigate = useNavigate();
  const query = usePerson(id);
  const person = query.data;
  const [doing, setDoing] = useState<'change' | 'merge' | null>(null);
  return (
    <Page
      title={person?.name ?? t('nav.persons')}
      lead={person?.position || undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/persons">{t('nav.persons')}</Link>
        </nav>
      }
      extra={
        person ? (
          <>
            {person.state === 'active' ? (
              <MayButton action="leave_manage" onClick={() => navigate(`/leaves?person=${person.id}`)}>
                {t('leave.of_person')}
              </MayButton>
            ) : null}
            <MayButton action="role_grant" onClick={() => setDoing('merge')}>
              {t('persons.merge')}
            </MayButton>
            <MayButton action="person_manage" onClick={() => setDoing('change')}>
              {t('persons.change')}
            </MayButton>
          </>
        ) : null
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={8}>
        {(found) => (
          <>
            <Facts person={found} />
            <PersonAccounts person={found} />
            <PersonDevices person={found} />
            <Trail person={found} />
          </>
        )}
      </Loaded>
      {person && doing === 'change' ? <PersonForm person={person} onClose={() => setDoing(null)} /> : null}
      {person && doing === 'merge' ? <MergePersons first={person} onClose={() => setDoing(null)} /> : null}
    </Page>
  );
}

function Facts({ person }: { person: Person }) {
  const { t } = useLanguage();
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('people.works_at')}</dt>
        <dd>{person.agency.name}</dd>
      </div>
      <div>
        <dt>{t('people.state')}</dt>
        <dd>
          <PersonStateText person={person} />
        </dd>
      </div>
      <div>
        <dt>{t('persons.since')}</dt>
        <dd>
          <DateOnly at={person.since} />
        </dd>
      </div>
      <div>
        <dt>{t('profile.phone')}</dt>
        <dd>{person.phone ?? '–'}</dd>
      </div>
      <div>
        <dt>{t('profile.email')}</dt>
        <dd>{person.email ?? '–'}</dd>
      </div>
      <div>
        <dt>{t('persons.commitment')}</dt>
        <dd>
          {person.commitment ? (
            <>
              <DateOnly at={person.commitment.signed_at} />
              {person.commitment.until ? (
                <>
                  {' – '}
                  <DateOnly at={person.commitment.until} />
                </>
              ) : null}
            </>
          ) : (
            <span className="overdue">{t('persons.commitment_none')}</span>
          )}
        </dd>
      </div>
      {person.leave ? (
        <div>
          <dt>{t('leave.of_person')}</dt>
          <dd>
            <Link to={`/leaves/${person.leave}`}>{t('leave.see')}</Link>
          </dd>
        </div>
      ) : null}
      {person.external ? (
        <div>
          <dt>{t('persons.external')}</dt>
          <dd>
            {person.external.source}: <code>{person.external.subject}</code>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

// A machine names its person by id where that was chosen, else by the name that was typed.
const isOf = (person: Person) => (device: Device & { person_id?: string | null }) =>
  device.person_id ? device.person_id === person.id : device.person_in_charge === person.name;

function PersonDevices({ person }: { person: Person }) {
  const { t } = useLanguage();
  const may = useMay('device_read');
  const mayAccounts = useMay('account_control_read');
  const query = useDevices({}, may);
  if (!may) return null;
  return (
    <Section
      title={t('persons.devices')}
      extra={
        mayAccounts ? (
          <Link to={`/device-accounts?person=${person.id}`}>{t('device_account.theirs')}</Link>
        ) : null
      }
    >
      <Loaded query={query} rows={2}>
        {(devices) => {
          const own = devices.filter(isOf(person));
          if (own.length === 0) return <EmptyState why={t('persons.devices_none')} />;
          return (
            <ul className="worklist">
              {own.map((each) => (
                <li key={each.id}>
                  <Link to={`/devices/${each.id}`} className="worklist-title">
                    {each.name}
                  </Link>
                  <span className="worklist-meta">
                    <span>{each.os}</span>
                    <span>
                      {t('devices.last_seen')}: <Age at={each.last_seen} />
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Trail({ person }: { person: Person }) {
  const { t } = useLanguage();
  const may = useMay('evidence_search');
  if (!may || person.accounts.length === 0) return null;
  return (
    <Section title={t('nav.audit')}>
      <ul className="worklist">
        {person.accounts.map((account) => (
          <li key={account.id}>
            <span className="worklist-title">
              <code>{account.username}</code>
            </span>
            <span className="worklist-meta">
              <Link to={`/audit?person=${encodeURIComponent(account.username)}`}>
                {t('people.what_they_did')}
              </Link>
              <Link to={`/audit?object=account:${account.id}`}>{t('people.what_was_done')}</Link>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
