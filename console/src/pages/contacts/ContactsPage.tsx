// Contacts outside the town: whom to reach by which channel, and whether somebody has checked that it is really theirs.
import { useState } from 'react';
import type { Contact, ContactList } from '~/api/caseworkTypes';
import { useContacts } from '~/api/contacts';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { compareText, fold, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { StateIcon } from '~/ui/StateTag';
import { DateOnly } from '~/ui/Time';
import { ContactForm, RetireContact, VerifyContact } from './ContactDialogs';
import { byNeed, lookOf, type Trusted, trustOf } from './contact';
import '../agencies/agencies.css';
import '../incidents/incidents.css';

type Asked = { act: 'edit' | 'verify' | 'retire'; contact: Contact } | { act: 'add'; contact: null };
const trusts: readonly Trusted[] = ['verified', 'stale', 'never'];

export default function ContactsPage() {
  const { t, language } = useLanguage();
  const [params, setParams] = useParamsState('q', 'state');
  const query = useContacts();
  const [asked, setAsked] = useState<Asked | null>(null);
  const wanted = fold(params.q ?? '');
  const found = (each: Contact) =>
    (!params.state || trustOf(each) === params.state) &&
    fold([each.body, each.person, each.phone, each.email, each.channel].join(' ')).includes(wanted);
  return (
    <Page
      title={t('nav.contacts')}
      lead={
        query.data
          ? t('contact.lead', {
              count: query.data.verify_days,
              number: formatNumber(query.data.verify_days, language),
            })
          : undefined
      }
      extra={
        <MayButton
          action="contact_manage"
          type="primary"
          onClick={() => setAsked({ act: 'add', contact: null })}
        >
          {t('contact.add')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={6}>
        {(list) => (
          <>
            <div className="filters">
              <fieldset className="state-filter">
                <legend className="visually-hidden">{t('filter.state')}</legend>
                <button
                  type="button"
                  aria-pressed={!params.state}
                  onClick={() => setParams({ state: undefined })}
                >
                  {t('filter.all')}
                </button>
                {trusts.map((trust) => (
                  <button
                    key={trust}
                    type="button"
                    aria-pressed={params.state === trust}
                    onClick={() => setParams({ state: trust })}
                  >
                    <StateIcon state={lookOf[trust]} />
                    {t(`contact_trust.${trust}`)}
                    <span className="count">
                      {formatNumber(list.items.filter((each) => trustOf(each) === trust).length, language)}
                    </span>
                  </button>
                ))}
              </fieldset>
              <SearchInput
                value={params.q ?? ''}
                onChange={(q) => setParams({ q })}
                label={t('contact.search')}
              />
            </div>
            <Contacts
              rows={byNeed(list.items.filter(found), compareText)}
              filtered={Boolean(params.q || params.state)}
              onAsk={setAsked}
            />
            {asked ? <Dialog asked={asked} list={list} onClose={() => setAsked(null)} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Dialog({ asked, list, onClose }: { asked: Asked; list: ContactList; onClose: () => void }) {
  switch (asked.act) {
    case 'add':
    case 'edit':
      return <ContactForm contact={asked.contact} kinds={list.kinds} onClose={onClose} />;
    case 'verify':
      return <VerifyContact contact={asked.contact} onClose={onClose} />;
    case 'retire':
      return <RetireContact contact={asked.contact} onClose={onClose} />;
  }
}

function Contacts({
  rows,
  filtered,
  onAsk,
}: {
  rows: Contact[];
  filtered: boolean;
  onAsk: (asked: Asked) => void;
}) {
  const { t, local } = useLanguage();
  const columns: Column<Contact>[] = [
    {
      key: 'body',
      title: t('contact.body'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>{row.body}</span>
          <span className="muted incident-whom">
            <span>{local(row.kind_title)}</span>
            {row.around_the_clock ? <span>{t('contact.around_the_clock')}</span> : null}
            {row.note ? <span>{row.note}</span> : null}
          </span>
        </span>
      ),
    },
    {
      key: 'person',
      title: t('contact.person'),
      width: 200,
      render: (row) => (
        <span className="two-lines">
          <span>{row.person || '–'}</span>
          <span className="muted">{row.position}</span>
        </span>
      ),
    },
    {
      key: 'reach',
      title: t('contact.reach'),
      width: 210,
      render: (row) => (
        <span className="two-lines wrap">
          <span>{row.phone || row.email || '–'}</span>
          {row.phone && row.email ? <span className="muted">{row.email}</span> : null}
        </span>
      ),
    },
    { key: 'channel', title: t('contact.channel'), width: 190, render: (row) => row.channel || '–' },
    { key: 'trust', title: t('contact.verified'), width: 190, render: (row) => <Trust contact={row} /> },
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('contact.acts')}</span>,
      width: 200,
      render: (row) => (
        <span className="hold-extra">
          <MayButton
            action="contact_manage"
            size="small"
            type={trustOf(row) === 'verified' ? 'default' : 'primary'}
            onClick={() => onAsk({ act: 'verify', contact: row })}
          >
            {t('contact.verify')}
          </MayButton>
          <MayButton
            action="contact_manage"
            size="small"
            onClick={() => onAsk({ act: 'edit', contact: row })}
          >
            {t('contact.edit')}
          </MayButton>
          <MayButton
            action="contact_manage"
            size="small"
            onClick={() => onAsk({ act: 'retire', contact: row })}
          >
            {t('contact.retire')}
          </MayButton>
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('nav.contacts')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<EmptyState why={t(filtered ? 'contact.none_found' : 'contact.none')} />}
    />
  );
}

function Trust({ contact }: { contact: Contact }) {
  const { t } = useLanguage();
  const trust = trustOf(contact);
  const state = lookOf[trust];
  return (
    <span className="two-lines">
      <span className={`state-tag state-${state}`} data-trust={trust}>
        <StateIcon state={state} />
        {t(`contact_trust.${trust}`)}
      </span>
      {contact.verified ? (
        <span className="muted" title={`${contact.verified.how} (${contact.verified.by})`}>
          <DateOnly at={contact.verified.at} /> · {contact.verified.by}
        </span>
      ) : null}
    </span>
  );
}
