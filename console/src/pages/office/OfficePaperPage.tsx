// One paper that belongs to no case.
import { Link, useParams } from 'react-router-dom';
import type { OfficePaper } from '~/api/coming';
import { useProcess } from '~/api/incidents';
import type { PaperDetail } from '~/api/incidentTypes';
import { usePaper } from '~/api/papers';
import { useLanguage } from '~/i18n';
import { EmptyState, Loaded, Page } from '~/ui/Page';
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
  const process = useProcess();
  const form = formOf(process.data?.forms, query.data);
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
            // A paper read anew is a form filled anew.
            <PaperEditor
              key={`${data.id} ${data.state}`}
              place={{ incident: null, paper }}
              paper={data}
              form={form}
              recipient={recipientOf(data)}
            />
          ) : process.isPending ? null : (
            <EmptyState why={t('paper.no_form')} />
          )
        }
      </Loaded>
    </Page>
  );
}
