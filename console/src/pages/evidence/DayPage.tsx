// One day of the evidence: what vouches for it, who sent what, where it lies besides, and how somebody checks it by hand.
import { Button } from 'antd';
import { Link, useParams } from 'react-router-dom';
import { useClosing } from '~/api/checkpoints';
import { useCoverage, useCustodyDays, useSilences } from '~/api/custody';
import type { CustodyDay, DayCopy } from '~/api/custodyTypes';
import { useDays, useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Copy } from '~/ui/Copy';
import { type Column, DataTable } from '~/ui/DataTable';
import { compareText, formatBytes, formatDate, formatNumber, isoDate } from '~/ui/format';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { StateIcon } from '~/ui/StateTag';
import { saveText } from '~/ui/saveText';
import { Time, useNow } from '~/ui/Time';
import { byHandOrigin, handSteps } from './byHand';
import { CellSign } from './CellSign';
import { Silences } from './Coverage';
import { useCellWords } from './CoverageGrid';
import { addDays, dayBounds, linesOf, type SourceLine } from './coverage';
import { DayCopies } from './DayCopies';
import { stateWord } from './Days';
import './coverage.css';
import './evidence.css';

export default function DayPage() {
  const { t } = useLanguage();
  const { day = '' } = useParams();
  const query = useCustodyDays();
  const valid = /^\d{4}-\d{2}-\d{2}$/.test(day);
  const known = new Set((query.data?.items ?? []).map((each) => each.day));
  const near = (step: number) => {
    const other = addDays(valid ? day : isoDate(new Date()), step);
    return known.has(other) ? other : null;
  };
  const [before, after] = [near(-1), near(1)];
  return (
    <Page
      title={valid ? t('kept.day_title', { day: formatDate(day) }) : t('nav.evidence')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/evidence">{t('nav.evidence')}</Link>
        </nav>
      }
      extra={
        <span className="kept-actions">
          {before ? <Link to={`/evidence/days/${before}`}>‹ {formatDate(before)}</Link> : null}
          {after ? <Link to={`/evidence/days/${after}`}>{formatDate(after)} ›</Link> : null}
        </span>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={8}>
        {(list) => {
          const found = list.items.find((each) => each.day === day);
          return found ? (
            <OfDay day={found} within={list.copy_within_days} />
          ) : (
            <EmptyState
              why={t('kept.no_such_day')}
              action={<Link to="/evidence?tab=days">{t('kept.all_days')}</Link>}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}

function OfDay({ day, within }: { day: CustodyDay; within: number | null }) {
  const { t, language } = useLanguage();
  const maySearch = useMay('evidence_search');
  const number = (value: number) => formatNumber(value, language);
  const look = day.damaged ? 'violated' : day.closed ? 'kept' : 'unknown';
  return (
    <>
      {day.damaged ? <p className="will-happen">{t('kept.damaged_help')}</p> : null}
      <dl className="facts facts-row">
        <div>
          <dt>{t('evidence.state')}</dt>
          <dd>
            <span className={`state-tag state-${look}`}>
              <StateIcon state={look} />
              {stateWord(day, t)}
            </span>
          </dd>
        </div>
        <div>
          <dt>{t('evidence.records')}</dt>
          <dd>
            {number(day.records)}
            {day.withheld > 0 ? (
              <>
                {' '}
                <Link to="/evidence?tab=erasures">
                  {t('kept.withheld_count', { count: day.withheld, number: number(day.withheld) })}
                </Link>
              </>
            ) : null}
          </dd>
        </div>
        <div>
          <dt>{t('evidence.file')}</dt>
          <dd>{formatBytes(day.file_bytes, language)}</dd>
        </div>
        <div>
          <dt>{t('kept.until')}</dt>
          <dd>
            {day.held ? (
              <Link to="/holds">{t('kept.held')}</Link>
            ) : day.goes_on ? (
              formatDate(day.goes_on)
            ) : (
              '–'
            )}
          </dd>
        </div>
        <div>
          <dt>{t('copies.title')}</dt>
          <dd>
            <DayCopies day={day} within={within} />
          </dd>
        </div>
        {maySearch ? (
          <div>
            <dt>{t('nav.logs')}</dt>
            <dd>
              <Link to={`/logs?${new URLSearchParams(dayBounds(day.day))}`}>{t('kept.see_logs')}</Link>
            </dd>
          </div>
        ) : null}
      </dl>
      {day.sha256 ? (
        <p className="day-digest">
          <span>{t('kept.digest')}</span>
          <code className="wrap">{day.sha256}</code>
          <Copy text={day.sha256} />
        </p>
      ) : null}
      <Closing day={day} />
      <Sources day={day.day} />
      <Copies rows={day.copies} />
    </>
  );
}

// The checkpoint over the whole day, and how it is checked without us.
function Closing({ day }: { day: CustodyDay }) {
  const { t } = useLanguage();
  const mayProve = useMay('evidence_prove');
  const days = useDays(useMay('evidence_search'));
  const file = days.data?.days.find((each) => each.day === day.day);
  const size = file && day.closed ? file.first_seq + file.count : null;
  const closing = useClosing(size);
  const checkpoint = closing.data;
  if (!day.closed) {
    return (
      <Section title={t('kept.closing')}>
        <p className="kept-note">
          {t('kept.still_open')} {mayProve ? <Link to="/checkpoints">{t('nav.checkpoints')}</Link> : null}
        </p>
      </Section>
    );
  }
  return (
    <>
      <Section
        title={t('kept.closing')}
        extra={
          checkpoint ? (
            <Button
              size="small"
              onClick={() => saveText(`dong-ngay-${day.day}.txt`, checkpoint.note, 'text/plain')}
            >
              {t('kept.save_closing')}
            </Button>
          ) : undefined
        }
      >
        <p className="kept-note">{t('kept.closing_help')}</p>
        {checkpoint ? (
          <>
            <p>
              {t('checkpoint.signed_at')}: <Time at={checkpoint.signed_at} seconds /> ·{' '}
              {checkpoint.key_day
                ? t('checkpoint.key_of', { day: formatDate(checkpoint.key_day) })
                : t('proof.root_key')}
            </p>
            <pre className="raw">{checkpoint.note}</pre>
          </>
        ) : closing.isLoading || days.isLoading ? null : (
          <p className="muted">{t('kept.closing_unknown')}</p>
        )}
      </Section>
      <Section title={t('byhand.title')}>
        <p className="kept-note">{t('byhand.help')}</p>
        <ol className="hand-steps">
          {handSteps({
            day: day.day,
            origin: byHandOrigin(checkpoint?.note),
            signer: checkpoint?.signer ?? null,
          }).map((step) => (
            <li key={step.what}>
              {t(`byhand.${step.what}`)}
              <div className="hand-command">
                <pre className="raw">{step.command}</pre>
                <Copy text={step.command} />
              </div>
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}

function Sources({ day }: { day: string }) {
  const { t, language } = useLanguage();
  const [params, setParams] = useParamsState('device', 'agency');
  const now = useNow();
  const query = useCoverage({ from: day, until: day });
  const silences = useSilences();
  const words = useCellWords();
  const columns: Column<SourceLine>[] = [
    {
      key: 'source',
      title: t('cover.source'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/devices/${row.id}`}>{row.name}</Link>
          <span className="muted">
            {t(`source_class.${row.source.class}`)} · {row.agency.name}
          </span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('evidence.state'),
      render: (row) => {
        const cell = row.cells[0];
        return cell ? (
          <span className={`cover-of-day cover-${cell.state}`}>
            <CellSign state={cell.state} />
            {words(cell).split(': ').slice(1).join(': ')}
          </span>
        ) : null;
      },
    },
    {
      key: 'first',
      title: t('cover.first'),
      width: 170,
      render: (row) => <Time at={row.source.days[0]?.first} seconds />,
    },
    {
      key: 'last',
      title: t('cover.last'),
      width: 170,
      render: (row) => <Time at={row.source.days[0]?.last} seconds />,
    },
    {
      key: 'count',
      title: t('evidence.records'),
      align: 'right',
      width: 110,
      render: (row) => formatNumber(row.cells[0]?.records ?? 0, language),
    },
  ];
  return (
    <Section
      title={t('kept.sources')}
      extra={
        params.device || params.agency ? (
          <Button size="small" onClick={() => setParams({ device: undefined, agency: undefined })}>
            {t('kept.every_source')}
          </Button>
        ) : undefined
      }
    >
      <Loaded query={query} rows={4}>
        {(data) => {
          const known = {
            items: data.items.filter(
              (each) =>
                (!params.device || each.device.id === params.device) &&
                (!params.agency || each.agency.id === params.agency),
            ),
            silences: silences.data ?? [],
            stored: new Map([[day, false]]),
            days: [day],
            now,
          };
          const rows = linesOf(known, compareText).flatMap((line) => line.sources);
          const silent = (silences.data ?? []).filter(
            (each) =>
              isoDate(new Date(each.began_at)) <= day &&
              (!each.ended_at || isoDate(new Date(each.ended_at)) >= day) &&
              rows.some((row) => row.id === each.device.id),
          );
          return (
            <div className="stacked">
              <DataTable
                label={t('kept.sources')}
                columns={columns}
                rows={rows}
                rowKey={(row) => row.id}
                empty={<EmptyState why={t('cover.none_found')} />}
              />
              {silent.length > 0 ? <Silences rows={silent} /> : null}
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Copies({ rows }: { rows: DayCopy[] }) {
  const { t } = useLanguage();
  const columns: Column<DayCopy>[] = [
    {
      key: 'medium',
      title: t('medium.name'),
      primary: true,
      render: (row) => <Link to={`/evidence?tab=media&open=${row.medium}`}>{row.medium_name}</Link>,
    },
    {
      key: 'copied',
      title: t('copies.copied'),
      render: (row) => (
        <span className="two-lines">
          <Time at={row.copied_at} />
          <span className="muted">{row.copied_by}</span>
        </span>
      ),
    },
    {
      key: 'checked',
      title: t('copies.read_back'),
      render: (row) => (
        <span className="two-lines">
          <span className={`state-tag state-${row.sound ? 'kept' : 'violated'}`}>
            <StateIcon state={row.sound ? 'kept' : 'violated'} />
            {t(row.sound ? 'copies.sound' : 'copies.unsound')}
          </span>
          <span className="muted">
            <Time at={row.checked_at} />
          </span>
        </span>
      ),
    },
    {
      key: 'outdated',
      title: t('copies.content'),
      render: (row) => (row.outdated ? <strong>{t('copies.outdated')}</strong> : t('copies.present')),
    },
    {
      key: 'seq',
      title: t('copies.record'),
      align: 'right',
      render: (row) => (row.seq === null ? '–' : <Link to={`/proof/${row.seq}`}>{row.seq}</Link>),
    },
  ];
  return (
    <Section title={t('copies.of_day')}>
      <DataTable
        label={t('copies.of_day')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.medium}
        empty={<EmptyState why={t('copies.none_of_day')} />}
      />
    </Section>
  );
}
