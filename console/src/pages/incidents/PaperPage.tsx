// One paper of a case, on its own page.
import { Link, useParams } from 'react-router-dom';
import { useIncident, useProcess } from '~/api/incidents';
import { usePaper } from '~/api/papers';
import { useLanguage } from '~/i18n';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { PaperEditor } from './PaperEditor';
import { paperLook } from './Papers';
import { formOf } from './paperData';
import './incidents.css';

export default function PaperPage() {
  const { t, local } = useLanguage();
  const { incident = '', paper = '' } = useParams();
  const query = usePaper({ incident, paper });
  const owner = useIncident(incident);
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
          <Link to="/incidents">{t('nav.incidents')}</Link>
          <Link to={`/incidents/${incident}?tab=papers`}>{owner.data?.number ?? t('incident.one')}</Link>
        </nav>
      }
    >
      <Loaded query={query} rows={10}>
        {(data) =>
          form ? (
            // A paper read anew is a form filled anew.
            <PaperEditor
              key={`${data.id} ${data.state}`}
              place={{ incident, paper }}
              paper={data}
              form={form}
              recipient={owner.data?.recipients[0] ?? ''}
            />
          ) : process.isPending ? null : (
            <EmptyState why={t('paper.no_form')} />
          )
        }
      </Loaded>
    </Page>
  );
}
