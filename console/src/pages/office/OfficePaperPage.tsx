// One paper that belongs to no case.
import { Link, useParams } from 'react-router-dom';
import type { FigureDifference, OfficePaper } from '~/api/caseworkTypes';
import type { PaperDetail } from '~/api/incidentTypes';
import { usePaper } from '~/api/papers';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { Loaded, Page } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { PaperEditor } from '../incidents/PaperEditor';
import { paperLook } from '../incidents/Papers';
import { formOf } from '../incidents/paperData';
import { About } from './OfficePapersPage';

const recipientOf = (paper: PaperDetail): string => {
  const list = paper.data.recipients;
  return Array.isArray(list) && typeof list[0] === 'string' ? list[0] : '';
};

export default function OfficePaperPage() {
  const { t, local } = useLanguage();
  const { paper = '' } = useParams();
  const query = usePaper({ incident: null, paper });
  const form = formOf(undefined, query.data);
  return (
    <Page
      title={query.data ? local(query.data.title) : t('paper.one')}
      lead={
        query.data ? (
          <>
            <StateIcon state={paperLook[query.data.state]} /> {t(`paper_state.${query.data.state}`)}
            {query.data.notation ? ` · ${query.data.notation}` : ''}
          </>
        ) : undefined
      }
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/papers">{t('nav.office_papers')}</Link>
        </nav>
      }
      extra={query.data && 'owner' in query.data ? <About paper={query.data as OfficePaper} /> : undefined}
    >
      <Loaded query={query} rows={10}>
        {(data) =>
          form ? (
            <>
              <Differences paper={data} />
              {/* A paper read anew is a form filled anew. */}
              <PaperEditor
                key={`${data.id} ${data.state}`}
                place={{ incident: null, paper }}
                paper={data}
                form={form}
                recipient={recipientOf(data)}
              />
            </>
          ) : null
        }
      </Loaded>
    </Page>
  );
}

const counted = ['count', 'own', 'helped'] as const;
const isCounted = (column: string): column is (typeof counted)[number] =>
  counted.some((each) => each === column);

// Where the figures of a draft are not what the cases say now.
function Differences({ paper }: { paper: PaperDetail & { differences?: FigureDifference[] } }) {
  const { t, local, language } = useLanguage();
  const list = paper.differences ?? [];
  if (list.length === 0) return null;
  const shown = (value: number | string) =>
    typeof value === 'number' ? formatNumber(value, language) : value || '–';
  const columnName = (column: string) =>
    isCounted(column) ? t(`measure.${column}`).toLocaleLowerCase(language) : column;
  return (
    <div className="will-happen" role="status">
      <p>{t('office.differs')}</p>
      <ul className="paper-lacking-list">
        {list.map((each) => (
          <li key={`${each.row} ${each.column}`}>
            {local(each.title)}
            {each.row ? `, ${columnName(each.column)}` : null}:{' '}
            {t('office.figure', { written: shown(each.written), exact: shown(each.exact) })}
          </li>
        ))}
      </ul>
    </div>
  );
}
