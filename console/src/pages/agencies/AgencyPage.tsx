// One agency: its days, what it came from and what became of it, its profile and its network plans, today or on a day.
import { Button, DatePicker } from 'antd';
import dayjs from 'dayjs';
import { Link, useParams } from 'react-router-dom';
import { useSuccessions } from '~/api/agencies';
import { useAgencies, useMay } from '~/api/queries';
import type { Agency } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatDate, isoDate } from '~/ui/format';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { DateOnly } from '~/ui/Time';
import { isDay } from './days';
import { NetworkPlans } from './NetworkPlans';
import { Profile } from './Profile';
import { ProfileHistory } from './ProfileHistory';
import './agencies.css';

export default function AgencyPage() {
  const { t } = useLanguage();
  const { agency: id = '' } = useParams();
  const query = useAgencies();
  const maySearch = useMay('evidence_search');
  const agency = query.data?.find((each) => each.id === id);
  const [params, change] = useParamsState('day');
  const today = isoDate(new Date());
  // Of today there is nothing special to ask for.
  const day = isDay(params.day) && params.day < today ? params.day : undefined;
  return (
    <Page
      title={agency?.name ?? t('nav.agencies')}
      lead={agency ? <code>{agency.code}</code> : undefined}
      extra={
        agency ? (
          <DatePicker
            className="profile-day"
            aria-label={t('profile.day')}
            placeholder={t('profile.day')}
            format="DD/MM/YYYY"
            maxDate={dayjs(today)}
            value={day ? dayjs(day) : null}
            onChange={(value) => change({ day: value?.format('YYYY-MM-DD') })}
          />
        ) : null
      }
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/agencies">{t('nav.agencies')}</Link>
        </nav>
      }
    >
      <Loaded query={query} rows={8}>
        {(all) =>
          agency ? (
            <>
              <dl className="facts facts-row">
                <div>
                  <dt>{t('agencies.kind')}</dt>
                  <dd>{agency.kind ? t(`agency_kind.${agency.kind}`) : '–'}</dd>
                </div>
                <div>
                  <dt>{t('agencies.header_name')}</dt>
                  <dd>{agency.header_name || agency.name}</dd>
                </div>
                <div>
                  <dt>{t('agencies.superior')}</dt>
                  <dd>{all.find((each) => each.id === agency.superior)?.name ?? '–'}</dd>
                </div>
                <div>
                  <dt>{t('agencies.valid_from')}</dt>
                  <dd>
                    <DateOnly at={agency.valid_from} />
                  </dd>
                </div>
                <div>
                  <dt>{t('agencies.valid_to')}</dt>
                  <dd>{agency.valid_to ? <DateOnly at={agency.valid_to} /> : t('agencies.still')}</dd>
                </div>
                {maySearch ? (
                  <div>
                    <dt>{t('nav.audit')}</dt>
                    <dd>
                      <Link to={`/audit?object=agency:${agency.id}&range=all`}>
                        {t('agencies.what_was_done')}
                      </Link>
                    </dd>
                  </div>
                ) : null}
              </dl>
              <Line agency={agency} all={all} />
              {day ? (
                <p className="will-happen">
                  {t('profile.as_of', { day: formatDate(day) })}{' '}
                  <Button size="small" onClick={() => change({ day: undefined })}>
                    {t('profile.today')}
                  </Button>
                </p>
              ) : null}
              <Profile agency={agency.id} day={day} />
              <NetworkPlans agency={agency.id} day={day} />
              {day ? null : <ProfileHistory agency={agency.id} />}
            </>
          ) : (
            <EmptyState
              why={t('agencies.unknown')}
              action={<Link to="/agencies">{t('nav.agencies')}</Link>}
            />
          )
        }
      </Loaded>
    </Page>
  );
}

function Line({ agency, all }: { agency: Agency; all: Agency[] }) {
  const { t } = useLanguage();
  const successions = useSuccessions();
  const list = (successions.data ?? []).filter(
    (each) => each.predecessor === agency.id || each.successor === agency.id,
  );
  if (list.length === 0) return null;
  const name = (id: string) => all.find((each) => each.id === id)?.name ?? '–';
  return (
    <Section title={t('agencies.line')}>
      <ul className="worklist">
        {list.map((each) => (
          <li key={`${each.predecessor} ${each.successor}`}>
            <span>
              {t('agencies.went_on_as', { old: name(each.predecessor), new: name(each.successor) })}
            </span>
            <span className="worklist-meta">
              <Link to={`/agencies?day=${each.day}`}>{formatDate(each.day)}</Link>
              {each.basis ? <span>{each.basis}</span> : null}
              {each.keeps_records ? <span>{t('agencies.keeps_records')}</span> : null}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
